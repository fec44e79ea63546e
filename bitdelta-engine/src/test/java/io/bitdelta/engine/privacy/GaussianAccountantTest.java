package io.bitdelta.engine.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianAccountantTest {
    @ParameterizedTest
    @CsvSource({
        "0.04, 1.5, 2250, 1e-5, 7.32911117143, 3.9",
        "0.01, 1.1, 1000, 1e-5, 1.7117700912203435, 9.6",
        "0.01, 1.1, 10000, 1e-5, 5.63199236854841, 4.7",
        "0.0042666666666666667, 1.1, 14062, 1e-5, 2.5965558689607486, 8.1",
        "0.001, 0.8, 5000, 1e-6, 1.5923077586416754, 8.3",
        "1, 4, 1, 1e-5, 1.0125506277526435, 18",
    })
    void theReferenceValuesAreMet(double rate, double noise, long steps, double delta, double epsilon, double order) {
        GaussianAccountant.Spent spent = GaussianAccountant.spent(new SubsampledGaussian(rate, noise), steps, delta);
        assertThat(spent.epsilon()).isCloseTo(epsilon, within(1e-9));
        assertThat(spent.order()).isEqualTo(order);
    }

    @ParameterizedTest
    @CsvSource({"5, 1, 4.3615131e-5", "50, 1, 4.7692075e-4", "1.5, 50, 6.5007e-4"})
    void oneStepHasTheReferenceDivergence(double order, int steps, double renyi) {
        assertThat(steps * new SubsampledGaussian(0.01, 2.5).renyi(order)).isCloseTo(renyi, within(renyi * 1e-4));
    }

    @ParameterizedTest
    @CsvSource({"2250, 1.416", "2000, 1.3562"})
    void theNoiseForATargetIsTheReferenceNoise(long steps, double noise) {
        assertThat(GaussianAccountant.noise(0.04, steps, 8, 1e-5)).isCloseTo(noise, within(5e-4));
    }

    @Property(tries = 60)
    void moreStepsOrMoreSamplingNeverCostLessAndMoreNoiseNeverCostsMore(
            @ForAll @Scale(4) @DoubleRange(min = 0.0005, max = 0.5) double rate,
            @ForAll @Scale(4) @DoubleRange(min = 0.6, max = 6) double noise,
            @ForAll @IntRange(min = 1, max = 5000) int steps) {
        double here = epsilon(rate, noise, steps);
        assertThat(epsilon(rate, noise, steps + 100)).isGreaterThanOrEqualTo(here);
        assertThat(epsilon(rate * 1.05, noise, steps)).isGreaterThanOrEqualTo(here * (1 - 1e-9));
        assertThat(epsilon(rate, noise * 1.05, steps)).isLessThanOrEqualTo(here * (1 + 1e-9));
    }

    @Property(tries = 60)
    void divergenceRisesWithTheOrderAcrossFractionsAndIntegers(
            @ForAll @Scale(4) @DoubleRange(min = 0.001, max = 0.5) double rate,
            @ForAll @Scale(4) @DoubleRange(min = 0.6, max = 6) double noise) {
        SubsampledGaussian step = new SubsampledGaussian(rate, noise);
        double before = 0;
        for (double order : new double[] {1.1, 1.5, 1.9, 2, 2.1, 3, 3.5, 4.7, 10.9, 12, 63}) {
            double here = step.renyi(order);
            assertThat(here).isGreaterThanOrEqualTo(before * (1 - 1e-9));
            before = here;
        }
    }

    @Property(tries = 30)
    void theCalibratedNoiseMeetsItsTargetAndHardlyLessWouldNot(
            @ForAll @Scale(4) @DoubleRange(min = 0.001, max = 0.2) double rate,
            @ForAll @Scale(4) @DoubleRange(min = 0.5, max = 20) double epsilon,
            @ForAll @IntRange(min = 1, max = 3000) int steps) {
        double noise = GaussianAccountant.noise(rate, steps, epsilon, 1e-5);
        assertThat(epsilon(rate, noise, steps)).isLessThanOrEqualTo(epsilon);
        assertThat(epsilon(rate, noise * 0.999, steps)).isGreaterThan(epsilon * 0.99);
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new SubsampledGaussian(1.5, 1))
                .isInstanceOf(PrivacyParameterException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new SubsampledGaussian(0.1, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new SubsampledGaussian(0.1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> GaussianAccountant.noise(0.1, 10, 0, 1e-5)).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> GaussianAccountant.noise(0.1, 10, 1, 0)).hasMessageContaining("delta");
        assertThatThrownBy(() -> GaussianAccountant.noise(0.1, 10, 0.01, 1e-5)).hasMessageContaining("out of reach");
        assertThatThrownBy(() -> GaussianAccountant.spent(new SubsampledGaussian(0.1, 1), -1, 1e-5))
                .hasMessageContaining("steps");
    }

    @Test
    void aStatementCannotClaimLessThanTheAccountantCounts() {
        PrivacyStatement honest = PrivacyStatement.of(new SubsampledGaussian(0.04, 1.5), 2250, 1e-5, 0.5);
        assertThat(honest.epsilonMilli()).isEqualTo(7330);
        assertThat(honest.json())
                .isEqualTo("{\"accountant\":\"rdp-1908.10530\",\"clipNorm\":\"0.5\",\"deltaE18\":10000000000000,"
                        + "\"epsilonMilli\":7330,\"noiseMultiplier\":\"1.5\",\"sampling\":\"0.04\",\"steps\":2250}");
        assertThatThrownBy(() -> new PrivacyStatement(7, 1e-5, 0.04, 2250, 0.5, 1.5))
                .isInstanceOf(PrivacyParameterException.class)
                .hasMessageContaining("claimed");
    }

    private static double epsilon(double rate, double noise, int steps) {
        return GaussianAccountant.spent(new SubsampledGaussian(rate, noise), steps, 1e-5)
                .epsilon();
    }
}
