package io.jsockmap.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Says which sockets don't come under the policy, and when the program begins to use such. */
final class Unreached implements ClassFileTransformer {
    private static final List<String> KINDS =
            List.of(
                    "AsynchronousSocketChannel",
                    "DatagramSocket (DatagramChannel is)",
                    "native transports (epoll, io_uring and kqueue of Netty, APR of Tomcat)",
                    "System.inheritedChannel",
                    "sockets that native code opens");

    /** What is told once when one of its classes is loaded, by how their names begin. */
    private static final Map<String, String> SIGNS =
            Map.of(
                    "io/netty/channel/epoll/Native", "Netty's epoll transport",
                    "io/netty/channel/uring/Native", "Netty's io_uring transport",
                    "io/netty/channel/kqueue/Native", "Netty's kqueue transport",
                    "org/apache/tomcat/jni/Socket", "Tomcat's APR connector",
                    "sun/nio/ch/UnixAsynchronousSocketChannelImpl", "AsynchronousSocketChannel",
                    "sun/nio/ch/WindowsAsynchronousSocketChannelImpl", "AsynchronousSocketChannel");

    private final Consumer<String> say;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private Unreached(Consumer<String> say) {
        this.say = say;
    }

    static void tell(Instrumentation instrumentation, Consumer<String> say) {
        say.accept("not reached: " + String.join(", ", KINDS));
        instrumentation.addTransformer(new Unreached(say));
    }

    /** The kind of sockets that a class belongs to. */
    static Optional<String> kindOf(String className) {
        return SIGNS.entrySet().stream()
                .filter(sign -> className.startsWith(sign.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Changes nothing. */
    @Override
    public byte[] transform(
            ClassLoader loader,
            String className,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] bytes) {
        if (className != null) {
            kindOf(className)
                    .filter(told::add)
                    .ifPresent(
                            kind ->
                                    say.accept(
                                            kind
                                                    + " is in use: its sockets are not under the"
                                                    + " policy"));
        }
        return null;
    }
}
