package io.bitdelta.node.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.relay.GasBudget.Grant;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GasBudgetTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RelayRules RULES = new RelayRules(BigInteger.valueOf(100), BigInteger.valueOf(250), 5);

    @TempDir
    Path folder;

    private static GasBudget at(Database database, Duration afterNoon) {
        return new GasBudget(database, RULES, Clock.fixed(NOON.plus(afterNoon), ZoneOffset.UTC));
    }

    private static BigInteger wei(long amount) {
        return BigInteger.valueOf(amount);
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void aBudgetIsSpentAndComesBackWithTime(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("budget.sqlite"))) {
            assertThat(at(database, Duration.ZERO).reserve("a", "anna", wei(60)))
                    .isEqualTo(new Grant.Reserved());
            assertThat(at(database, Duration.ZERO).reserve("a", "anna", wei(60)))
                    .isEqualTo(new Grant.Reserved());
            assertThat(at(database, Duration.ZERO).reserve("b", "berta", wei(60)))
                    .isEqualTo(new Grant.Spent("hour"));
            Duration later = Duration.ofMinutes(61);
            assertThat(at(database, later).reserve("b", "berta", wei(100))).isEqualTo(new Grant.Reserved());
            assertThat(at(database, later.multipliedBy(2)).reserve("c", "carla", wei(100)))
                    .isEqualTo(new Grant.Spent("day"));
            assertThat(at(database, Duration.ofHours(25)).reserve("c", "carla", wei(100)))
                    .isEqualTo(new Grant.Reserved());
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void whatATransactionHasCostReplacesWhatItCouldHaveCost(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("settle.sqlite"))) {
            GasBudget budget = at(database, Duration.ZERO);
            budget.reserve("a", "anna", wei(100));
            assertThat(budget.status().spent()).isTrue();
            budget.settle("a", wei(30));
            budget.settle("a", wei(0));
            assertThat(budget.status().hourSpent()).isEqualTo(30);
            assertThat(budget.reserve("b", "anna", wei(70))).isEqualTo(new Grant.Reserved());
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void aPrincipalHasAQuotaOfItsOwn(DatabaseKind kind) {
        try (Database database = kind.open(folder.resolve("quota.sqlite"))) {
            GasBudget budget = at(database, Duration.ZERO);
            IntStream.range(0, 5).forEach(n -> budget.reserve("a" + n, "anna", wei(1)));
            assertThat(budget.reserve("a5", "anna", wei(1))).isEqualTo(new Grant.QuotaUsed(5));
            assertThat(budget.reserve("b", "berta", wei(1))).isEqualTo(new Grant.Reserved());
        }
    }

    @ParameterizedTest
    @EnumSource(DatabaseKind.class)
    void manyAtOnceNeverSpendMoreThanThereIs(DatabaseKind kind) throws Exception {
        try (Database database = kind.open(folder.resolve("race.sqlite"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Grant>> wishes = IntStream.range(0, 30)
                    .<Callable<Grant>>mapToObj(
                            n -> () -> at(database, Duration.ZERO).reserve("s" + n, "p" + n, wei(30)))
                    .toList();
            int granted = 0;
            for (Future<Grant> grant : threads.invokeAll(wishes)) {
                granted += grant.get() instanceof Grant.Reserved ? 1 : 0;
            }
            assertThat(granted).isEqualTo(3);
            assertThat(at(database, Duration.ZERO).status().hourSpent()).isEqualTo(90);
        }
    }
}
