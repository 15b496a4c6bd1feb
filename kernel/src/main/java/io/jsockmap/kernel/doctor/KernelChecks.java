package io.jsockmap.kernel.doctor;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.channel.ChannelDescriptors;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.kernel.load.MapCreation;

import java.nio.file.Files;
import java.util.List;

/**
 * Whether the kernel's sockmap can be used here, and with what. Looks, loads the smallest program
 * and makes an empty map; nothing is attached, and no socket comes into a map.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="doctor"}
 */
public final class KernelChecks {
    private static final String ENGINE = "the kernel engine (--engine kernel)";

    private KernelChecks() {}

    /** All of them, in the order in which one would mend them. */
    public static List<Finding> all() {
        return List.of(
                kernel(),
                systemCall(),
                Capabilities.finding(),
                unprivileged(),
                sockmap(),
                links(),
                KernelConfig.finding(),
                cgroup(),
                types(),
                pins(),
                descriptors());
    }

    private static Finding kernel() {
        var release = SystemFiles.line("/proc/sys/kernel/osrelease");
        return release.map(text -> Finding.yes("Linux", text, ENGINE))
                .orElseGet(
                        () ->
                                Finding.no(
                                        "Linux",
                                        System.getProperty("os.name")
                                                + "; the user engine needs none",
                                        ENGINE));
    }

    private static Finding systemCall() {
        var availability = KernelVerifier.availability();
        return Finding.of(
                "bpf(2)",
                availability.usable(),
                availability.usable() ? "a program was loaded" : availability.reason(),
                ENGINE + ", verify --kernel");
    }

    private static Finding unprivileged() {
        var subject = "bpf(2) without privileges";
        var setting = SystemFiles.line("/proc/sys/kernel/unprivileged_bpf_disabled");
        if (setting.isEmpty()) {
            return new Finding(subject, Finding.State.UNKNOWN, "no such setting here", "little");
        }
        return Finding.of(
                subject,
                setting.get().equals("0"),
                "kernel.unprivileged_bpf_disabled is " + setting.get(),
                "programs of type socket_filter only; sockmap needs capabilities all the same");
    }

    private static Finding sockmap() {
        var subject = "sockmap";
        if (!KernelVerifier.availability().usable()) {
            return new Finding(subject, Finding.State.UNKNOWN, "asking takes bpf(2)", ENGINE);
        }
        var definition = MapDefinition.of("doctor", MapType.SOCKMAP, Integer.BYTES, Long.BYTES, 1);
        try (var _ = MapCreation.create(definition)) {
            return Finding.yes(subject, "an empty SOCKMAP was made", ENGINE);
        } catch (BpfException e) {
            return Finding.no(
                    subject,
                    "not in this kernel (%s): it is built without CONFIG_BPF_STREAM_PARSER"
                                    .formatted(e.errno())
                            + " or CONFIG_NET_SOCK_MSG; the user engine needs neither",
                    ENGINE);
        }
    }

    private static Finding links() {
        boolean there = SystemFiles.releaseAtLeast(6, 10);
        return Finding.of(
                "links to sockmaps",
                there,
                there ? "Linux 6.10 or newer" : "they came with Linux 6.10",
                "SocketMap.link in the kernel; attaching works without");
    }

    private static Finding cgroup() {
        var path = KernelEngine.Settings.DEFAULT.cgroup();
        boolean there = Files.exists(path.resolve("cgroup.procs"));
        return Finding.of(
                "cgroup version 2",
                there,
                there ? path.toString() : "mount one: mount -t cgroup2 none /sys/fs/cgroup",
                "sock_ops programs in the kernel");
    }

    private static Finding types() {
        boolean there = Files.isReadable(Bpf.TYPES);
        return Finding.of(
                "the kernel's BTF",
                there,
                there ? Bpf.TYPES.toString() : "CONFIG_DEBUG_INFO_BTF is off, or not readable",
                "CO-RE in the kernel engine; the user engine brings its own types");
    }

    private static Finding pins() {
        var path = KernelEngine.Settings.DEFAULT.pins();
        boolean there = SystemFiles.isMounted(path, "bpf");
        return Finding.of(
                "a BPF file system",
                there,
                there ? path.toString() : "mount one: mount -t bpf bpf " + path,
                "maps pinned by name in the kernel engine");
    }

    private static Finding descriptors() {
        boolean told = ChannelDescriptors.areTold();
        return Finding.of(
                "descriptors of channels",
                told,
                told
                        ? "told by the channels themselves"
                        : "found by their addresses, which takes longer and does not work for UNIX"
                                + " sockets; start Java with "
                                + ChannelDescriptors.OPTION,
                "NIO channels in the kernel engine");
    }
}
