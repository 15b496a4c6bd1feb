package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.proxy.epoll.EpollCarriers;
import io.jsockmap.sockmap.UserEngine;
import io.netty.channel.epoll.Epoll;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.function.Function;

/** Whatever carries the bytes, a relay does the same. */
class TransportTest {
    private static final int LENGTH = 5_000_000;

    private static Function<UserEngine, Carriers> means(String name) {
        return switch (name) {
            case "NIO" -> engine -> new NettyCarriers(EventLoops.nio("a test wants it"), engine);
            case "Netty's epoll" -> {
                assumeTrue(Epoll.isAvailable(), "there is no epoll here: skipped");
                yield engine -> new NettyCarriers(EventLoops.epoll(), engine);
            }
            default -> {
                assumeTrue(EpollCarriers.refusal().isEmpty(), "there is no epoll here: skipped");
                yield engine -> new EpollCarriers(engine, Duration.ZERO);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "Netty's epoll", "NIO"})
    void streamsAndTheirEndsAreCarriedOver(String name) throws Exception {
        var question = RandomBytes.of(1, LENGTH);
        var answer = RandomBytes.of(2, LENGTH);
        try (var upstream = Loopback.listen();
                var proxy =
                        ProxySetup.splice(Loopback.addressOf(upstream)).with(means(name)).start();
                var ends = Ends.through(proxy, upstream);
                var tasks = new Tasks()) {
            assertThat(proxy.proxy.transport()).startsWith(name.replace("'s", ","));
            var heard = tasks.start(() -> ends.server().getInputStream().readAllBytes());
            ends.client().getOutputStream().write(question);
            ends.client().shutdownOutput();
            assertThat(Tasks.result(heard)).isEqualTo(question);
            var heardBack = tasks.start(() -> ends.client().getInputStream().readAllBytes());
            ends.server().getOutputStream().write(answer);
            ends.server().close();
            assertThat(Tasks.result(heardBack)).isEqualTo(answer);

            var report = proxy.report();
            assertThat(report.problem()).isEmpty();
            RunningProxy.assertBalanced(report);
            proxy.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "Netty's epoll", "NIO"})
    void earlyBytesAreEchoed(String name) throws Exception {
        try (var proxy = ProxySetup.echo().with(means(name)).start()) {
            for (int run = 0; run < 200; run++) {
                var bytes = RandomBytes.of(run, 4 + run * 300);
                try (var client = Loopback.connect(proxy.address())) {
                    client.getOutputStream().write(bytes);
                    client.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
                }
                assertThat(proxy.report().problem()).isEmpty();
            }
            proxy.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "Netty's epoll", "NIO"})
    void aResetIsPassedOnAndLeavesNothing(String name) throws Exception {
        try (var upstream = Loopback.listen();
                var proxy =
                        ProxySetup.splice(Loopback.addressOf(upstream)).with(means(name)).start()) {
            for (int run = 0; run < 100; run++) {
                try (var ends = Ends.through(proxy, upstream)) {
                    ends.client().getOutputStream().write(1);
                    assertThat(ends.server().getInputStream().read()).isEqualTo(1);
                    var dying = run % 2 == 0 ? ends.client() : ends.server();
                    var other = run % 2 == 0 ? ends.server() : ends.client();
                    Loopback.reset(dying);
                    assertThatThrownBy(() -> other.getInputStream().read())
                            .hasMessageContaining("reset");
                }
                var report = proxy.report();
                assertThat(report.problem()).isNotEmpty();
                RunningProxy.assertBalanced(report);
            }
            proxy.assertNothingIsLeft();
        }
    }
}
