package io.bitdelta.node.chain.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.ScriptedChain;
import io.bitdelta.node.lookup.Indexer;
import io.bitdelta.node.lookup.ScriptedEvents;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import io.bitdelta.node.store.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lying, lagging or failing endpoint is noticed and left, and comes back after good answers. */
final class EndpointPoolTest {
    @TempDir
    Path folder;

    private final ScriptedChain one = new ScriptedChain();
    private final ScriptedChain two = new ScriptedChain();
    private final ScriptedChain three = new ScriptedChain();
    private final AtomicLong now = new AtomicLong();
    private final EndpointPool pool = pool(one, two, three);

    private EndpointPool pool(ScriptedChain... chains) {
        PoolRules rules = new PoolRules(
                0,
                4,
                5,
                10,
                List.of(ScriptedEvents.deployment().address("BitDeltaRegistryProxy")),
                Duration.ofSeconds(15),
                3);
        return new EndpointPool(List.of(chains).stream().map(ScriptedChain::url).toList(), rules, now::get);
    }

    @BeforeEach
    void sameHistory() {
        for (int i = 1; i <= 40; i++) {
            one.mine(1, List.of(ScriptedEvents.deltaPublished(i, 1, 1)));
        }
        two.copy(one);
        three.copy(one);
    }

    @AfterEach
    void close() {
        pool.close();
        one.close();
        two.close();
        three.close();
    }

    private List<Health> health() {
        return health(pool);
    }

    private static List<Health> health(EndpointPool pool) {
        return pool.states().stream().map(EndpointState::health).toList();
    }

    private static int chosen(EndpointPool pool) {
        return pool.states().stream().map(EndpointState::chosen).toList().indexOf(true);
    }

    @Test
    void endpointsThatAgreeAreGoodAndTheFirstIsUsed() {
        pool.check();
        assertThat(health()).containsOnly(Health.GOOD);
        assertThat(chosen(pool)).isZero();
        assertThat(pool.client().head().number()).isEqualTo(40);
        assertThatCode(pool::requireAgreement).doesNotThrowAnyException();
    }

    @Test
    void aFailingEndpointIsLeftAtOnceAndComesBack() {
        pool.check();
        one.setDown(true);
        assertThat(pool.client().head().number()).isEqualTo(40);
        assertThat(health()).containsExactly(Health.FAILING, Health.GOOD, Health.GOOD);
        assertThat(chosen(pool)).isEqualTo(1);
        one.setDown(false);
        pool.check();
        assertThat(health()).containsOnly(Health.GOOD);
        assertThat(chosen(pool)).isZero();
    }

    @Test
    void aLaggingEndpointIsLeftUntilItHasCaughtUp() {
        one.showUpTo(30);
        pool.check();
        assertThat(health()).containsExactly(Health.LAGGING, Health.GOOD, Health.GOOD);
        assertThat(pool.client().head().number()).isEqualTo(40);
        one.showUpTo(38);
        pool.check();
        assertThat(health()).containsOnly(Health.GOOD);
    }

    @Test
    void anEndpointWithAnotherHistoryIsLeftAndMustPassSeveralChecks() {
        one.undo(20);
        for (int i = 0; i < 20; i++) {
            one.mine(666, List.of());
        }
        pool.check();
        assertThat(health()).containsExactly(Health.LYING, Health.GOOD, Health.GOOD);
        assertThat(pool.states().getFirst().reason()).contains("block 36");
        assertThatCode(pool::requireAgreement).doesNotThrowAnyException();
        one.copy(two);
        pool.check();
        pool.check();
        assertThat(health().getFirst()).isEqualTo(Health.LYING);
        pool.check();
        assertThat(health()).containsOnly(Health.GOOD);
    }

    @Test
    void anEndpointThatLeavesOutLogsIsNoticed() {
        one.forgetLogs(33);
        pool.check();
        assertThat(health()).containsExactly(Health.LYING, Health.GOOD, Health.GOOD);
    }

    @Test
    void anotherHeadIsNoLie() {
        one.undo(2);
        one.mine(7, List.of());
        pool.check();
        assertThat(health()).containsOnly(Health.GOOD);
    }

    @Test
    void anEndpointOfAnotherChainIsNeverAsked() {
        one.claimChain(1);
        pool.check();
        assertThat(health()).containsExactly(Health.WRONG_CHAIN, Health.GOOD, Health.GOOD);
        assertThat(pool.client().chainId()).isEqualTo(31337);
        two.setDown(true);
        three.setDown(true);
        assertThatThrownBy(() -> pool.client().head()).isInstanceOf(ChainException.class);
    }

    @Test
    void oneAgainstOneStopsSigningUntilTheyAgree() {
        two.undo(20);
        for (int i = 0; i < 20; i++) {
            two.mine(5, List.of());
        }
        try (EndpointPool pair = pool(one, two)) {
            pair.check();
            assertThat(health(pair)).containsOnly(Health.DISPUTED);
            assertThatThrownBy(pair.client()::requireAgreement)
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("disagree on block 36")
                    .hasMessageContaining("nothing is signed");
            two.copy(one);
            now.addAndGet(Duration.ofSeconds(16).toNanos());
            assertThatCode(pair.client()::requireAgreement).doesNotThrowAnyException();
            assertThat(health(pair)).containsOnly(Health.GOOD);
        }
    }

    @Test
    void oneAgainstOneIsDecidedByWhatTheyAgreedOnBefore() {
        try (EndpointPool pair = pool(one, two)) {
            pair.check();
            one.undo(30);
            for (int i = 0; i < 30; i++) {
                one.mine(5, List.of());
            }
            pair.check();
            assertThat(health(pair)).containsExactly(Health.LYING, Health.GOOD);
            assertThat(chosen(pair)).isEqualTo(1);
        }
    }

    @Test
    void theOnlyOneThatAnswersIsNotBelievedWhenItChangedWhatWasAgreedOn() {
        try (EndpointPool pair = pool(one, two)) {
            pair.check();
            two.setDown(true);
            pair.check();
            assertThat(health(pair)).containsExactly(Health.GOOD, Health.FAILING);
            one.undo(30);
            for (int i = 0; i < 30; i++) {
                one.mine(5, List.of());
            }
            pair.check();
            assertThatThrownBy(pair.client()::requireAgreement)
                    .isInstanceOf(ChainException.class)
                    .hasMessageContaining("only endpoint");
        }
    }

    @Test
    void theIndexGoesOnWhileEndpointsComeAndGo() {
        try (Database database = DatabaseKind.SQLITE.open(folder.resolve("pool.sqlite"))) {
            Indexer indexer = new Indexer(database, pool.client(), ScriptedEvents.deployment());
            pool.check();
            assertThat(indexer.catchUp()).isEqualTo(40);
            one.setDown(true);
            for (int i = 41; i <= 50; i++) {
                two.mine(1, List.of(ScriptedEvents.deltaPublished(i, 1, 1)));
            }
            three.copy(two);
            assertThat(indexer.catchUp()).isEqualTo(50);
            one.setDown(false);
            two.setDown(true);
            pool.check();
            assertThat(health()).containsExactly(Health.LAGGING, Health.FAILING, Health.GOOD);
            assertThat(indexer.catchUp()).isEqualTo(50);
            assertThat(database.sql().fetchCount(Schema.DELTA)).isEqualTo(50);
        }
    }

    @Test
    void messagesNeverHoldTheKeyInAnAddress() {
        try (EndpointPool secret = new EndpointPool(
                List.of("http://127.0.0.1:1/v3/s3cr3t", "http://127.0.0.1:1/?key=s3cr3t"),
                PoolRules.standard(),
                now::get)) {
            secret.check();
            assertThat(secret.states().toString()).doesNotContain("s3cr3t");
            assertThatThrownBy(() -> secret.client().head())
                    .isInstanceOf(ChainException.class)
                    .hasMessageNotContaining("s3cr3t");
        }
    }
}
