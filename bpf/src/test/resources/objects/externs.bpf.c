// SPDX-License-Identifier: Apache-2.0
//
// Names from outside: kernel configuration (strong and weak), a weak function nobody has, and a strong kfunc. The
// license says GPL because the kernel lets no other program call a kfunc.

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern unsigned int LINUX_KERNEL_VERSION __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig __weak;
extern int CONFIG_HZ __kconfig __weak;

extern int bpf_fixture_nobody_has_this(int value) __ksym __weak;

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

unsigned int version;
_Bool has_syscall;
int hz;

// Leaves the three configuration values in version, has_syscall and hz; returns 1, or what the function says where
// it exists.
SEC("sk_msg")
int weak(struct sk_msg_md *msg)
{
    version = LINUX_KERNEL_VERSION;
    has_syscall = CONFIG_BPF_SYSCALL;
    hz = CONFIG_HZ;
    if (bpf_fixture_nobody_has_this)
        return bpf_fixture_nobody_has_this(3);
    return SK_PASS;
}

// Returns 1 after two kfunc calls.
SEC("sk_msg")
int strong(struct sk_msg_md *msg)
{
    bpf_rcu_read_lock();
    bpf_rcu_read_unlock();
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
