package io.bitdelta.node.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedChainTest {
    private static final String ACCOUNT = "0x00000000000000000000000000000000000abcde";

    @TempDir
    Path folder;

    @Test
    void keepsItsStateOverARestart() throws IOException {
        BlockHead before;
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            chain.fund(ACCOUNT);
            chain.advanceClock(60);
            before = chain.client().head();
        }
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            assertThat(chain.client().balance(ACCOUNT)).isEqualTo(BigInteger.TEN.pow(24));
            assertThat(chain.client().block(before.number())).contains(before);
        }
    }

    @Test
    void neverTurnsItsClockBackAfterItWasMovedForward() throws IOException {
        long ahead;
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            chain.advanceClock(100_000);
            ahead = chain.client().head().timestamp();
        }
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            chain.client().rpc("evm_mine");
            assertThat(chain.client().head().timestamp()).isGreaterThanOrEqualTo(ahead);
        }
    }

    @Test
    void takesOverFromAProcessThatOutlivedItsNode() throws IOException {
        EmbeddedChain abandoned = ChainFixture.start(folder);
        abandoned.fund(ACCOUNT);
        String oldUrl = abandoned.client().url();
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            assertThat(chain.client().balance(ACCOUNT)).isEqualTo(BigInteger.TEN.pow(24));
            try (ChainClient old = new ChainClient(oldUrl)) {
                assertThatThrownBy(old::chainId).isInstanceOf(ChainException.class);
            }
        }
    }

    @Test
    void saysWhichPortIsBusy() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            EmbeddedChain.start(folder, ChainFixture.anvil(), other.getLocalPort(), Clock.systemUTC()))
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("port " + other.getLocalPort())
                    .hasMessageContaining("busy");
        }
    }

    @Test
    void saysWhatIsMissingWithoutAnvil() {
        assertThatThrownBy(() -> EmbeddedChain.start(folder, folder.resolve("no-anvil"), 0, Clock.systemUTC()))
                .isInstanceOf(ChainException.class)
                .hasMessageContaining("no-anvil")
                .hasMessageContaining("build");
    }

    @Test
    void saysWhyADamagedStateDoesNotLoad() throws IOException {
        Files.writeString(folder.resolve("state.json"), "{ not a state");
        assertThatThrownBy(() -> ChainFixture.start(folder)).isInstanceOf(ChainException.class);
    }
}
