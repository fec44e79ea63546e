package io.bitdelta.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RateLimitsTest {
    private final AtomicLong now = new AtomicLong();

    @Test
    void aBurstIsTakenAndThenTheRate() {
        RateLimits limits = new RateLimits(2, 4, now::get);
        for (int i = 0; i < 4; i++) {
            assertThat(limits.take("a")).isZero();
        }
        assertThat(limits.take("a")).isEqualTo(1);
        assertThat(limits.take("b")).isZero();
        now.addAndGet(500_000_000);
        assertThat(limits.take("a")).isZero();
        assertThat(limits.take("a")).isEqualTo(1);
    }

    @Test
    void callersWhoAreQuietAreForgotten() {
        RateLimits limits = new RateLimits(1, 2, now::get);
        limits.take("a");
        limits.sweep();
        assertThat(limits.size()).isEqualTo(1);
        now.addAndGet(2_000_000_000L);
        limits.sweep();
        assertThat(limits.size()).isZero();
    }

    @Property(tries = 200)
    void whatIsTakenNeverExceedsBurstPlusRate(
            @ForAll @IntRange(min = 1, max = 50) int rate, @ForAll List<@IntRange(min = 1, max = 400) Integer> steps) {
        AtomicLong clock = new AtomicLong();
        RateLimits limits = new RateLimits(rate, rate, clock::get);
        int taken = 0;
        for (int step : steps) {
            clock.addAndGet(step * 1_000_000L);
            taken += limits.take("x") == 0 ? 1 : 0;
        }
        assertThat((double) taken).isLessThanOrEqualTo(rate + clock.get() / 1e9 * rate + 1e-6);
    }

    @Test
    void aHouseholdOfIpv6SharesItsLimit() {
        assertThat(Remote.household("2001:db8:1:2:3:4:5:6")).isEqualTo(Remote.household("2001:db8:1:2:9:9:9:9"));
        assertThat(Remote.household("2001:db8:1:2::1")).isNotEqualTo(Remote.household("2001:db8:1:3::1"));
        assertThat(Remote.household("10.0.0.1")).isEqualTo("10.0.0.1");
    }
}
