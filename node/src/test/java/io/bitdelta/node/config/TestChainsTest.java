package io.bitdelta.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TestChainsTest {
    private static final String PUBLISHED = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    @Test
    void chain122IsNeverATestChain() {
        assertThat(TestChains.contains(122)).isFalse();
        assertThat(TestChains.contains(1)).isFalse();
        assertThat(TestChains.contains(31337)).isTrue();
    }

    @Test
    void aPublishedKeyIsRefusedWhereMoneyIsReal() {
        assertThatThrownBy(() -> TestChains.refusePublishedKey(PUBLISHED, 122))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("122");
        assertThatCode(() -> TestChains.refusePublishedKey(PUBLISHED, 31337)).doesNotThrowAnyException();
        assertThatCode(() -> TestChains.refusePublishedKey("0x000000000000000000000000000000000000dEaD", 1))
                .doesNotThrowAnyException();
    }
}
