package io.bitdelta.node.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ScriptedChain;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(DatabaseKind.class)
final class ReadModelsTest {
    @Parameter
    DatabaseKind kind = DatabaseKind.SQLITE;

    @TempDir
    Path folder;

    private final ScriptedChain chain = new ScriptedChain();
    private final ChainClient client = new ChainClient(chain.url());
    private Database database;
    private DeltaLookup deltas;
    private LedgerLookup ledger;

    @BeforeEach
    void open() {
        database = kind.open(folder.resolve("read.sqlite"));
        deltas = new DeltaLookup(database, 31337);
        ledger = new LedgerLookup(database, 31337);
        for (int i = 0; i < 10; i++) {
            chain.mine(
                    1,
                    List.of(
                            ScriptedEvents.deltaPublished(3 * i + 1, 1, 7),
                            ScriptedEvents.deltaPublished(3 * i + 2, 2, 7),
                            ScriptedEvents.deltaPublished(3 * i + 3, 1, 8)));
        }
        chain.mine(1, List.of(ScriptedEvents.deltaRevoked(4, 1)));
        chain.mine(1, List.of(ScriptedEvents.modelForked(500, 1, 7)));
        chain.mine(1, List.of(ScriptedEvents.trainingRecorded(500, 1, 0), ScriptedEvents.trainingRecorded(500, 1, 1)));
        new Indexer(database, client, ScriptedEvents.deployment()).catchUp();
    }

    @AfterEach
    void close() {
        database.close();
        client.close();
        chain.close();
    }

    private static LuxDid did(long identity) {
        return LuxDid.of(31337, ScriptedEvents.address(identity));
    }

    private static Bytes32 word(long number) {
        return Bytes32.of("0x%064x".formatted(number));
    }

    private List<DeltaRecord> all(DeltaFilter filter, int limit) {
        List<DeltaRecord> found = new ArrayList<>();
        Optional<ChainPosition> after = Optional.of(ChainPosition.START);
        while (after.isPresent()) {
            Page<DeltaRecord> page = deltas.page(filter, after.get(), limit);
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            found.addAll(page.items());
            after = page.next();
        }
        return found;
    }

    @Test
    void pagesOfAnySizeGiveEveryDeltaOnceInTheOrderOfTheChain() {
        List<String> whole =
                all(DeltaFilter.all(), 500).stream().map(DeltaRecord::deltaId).toList();
        assertThat(whole).hasSize(30).doesNotHaveDuplicates();
        for (int limit : new int[] {1, 2, 3, 7, 29, 30, 31}) {
            assertThat(all(DeltaFilter.all(), limit).stream().map(DeltaRecord::deltaId))
                    .isEqualTo(whole);
        }
    }

    @Test
    void aCursorStaysWhatItIsWhileTheChainGrows() {
        Page<DeltaRecord> first = deltas.page(DeltaFilter.all(), ChainPosition.START, 28);
        chain.mine(1, List.of(ScriptedEvents.deltaPublished(900, 3, 9)));
        new Indexer(database, client, ScriptedEvents.deployment()).catchUp();
        Page<DeltaRecord> second = deltas.page(DeltaFilter.all(), first.next().orElseThrow(), 28);
        assertThat(second.items()).hasSize(3);
        assertThat(second.items().getLast().deltaId()).isEqualTo(word(900).hex());
    }

    @Test
    void everyFilterFindsItsDeltasAndAllOfThemMustHold() {
        assertThat(all(DeltaFilter.of(did(1)), 100))
                .hasSize(20)
                .allMatch(delta -> delta.did().equals(did(1).toString()));
        assertThat(all(new DeltaFilter(did(1), word(7), null, null), 100)).hasSize(10);
        assertThat(all(new DeltaFilter(null, word(8), null, null), 100)).hasSize(10);
        assertThat(all(new DeltaFilter(LuxDid.of(1, ScriptedEvents.address(1)), null, null, null), 100))
                .isEmpty();
        for (long hash : new long[] {5, 1_000_005, 2_000_005, 3_000_005}) {
            assertThat(all(new DeltaFilter(null, null, null, word(hash)), 100))
                    .extracting(DeltaRecord::deltaId)
                    .containsExactly(word(5).hex());
        }
        for (long digest : new long[] {2_000_005, 3_000_005}) {
            Cid cid = Cid.rawSha256(word(digest).bytes());
            assertThat(all(new DeltaFilter(null, null, cid, null), 100))
                    .extracting(DeltaRecord::deltaId)
                    .containsExactly(word(5).hex());
        }
        assertThat(all(new DeltaFilter(did(1), null, null, word(5)), 100)).isEmpty();
    }

    @Test
    void aRevokedDeltaIsMarked() {
        assertThat(deltas.byId(word(4)).orElseThrow().revoked()).isTrue();
        assertThat(deltas.byId(word(5)).orElseThrow().revoked()).isFalse();
        assertThat(deltas.byId(word(5)).orElseThrow().publishedAt()).isEqualTo("1970-01-12T13:47:04Z");
    }

    @Test
    void aPageHasABound() {
        assertThatThrownBy(() -> deltas.page(DeltaFilter.all(), ChainPosition.START, Page.MOST + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("501");
    }

    @Test
    void aCursorIsReadBackOrRefused() {
        assertThat(ChainPosition.parse("12-3")).contains(new ChainPosition(12, 3));
        for (String text : List.of("", "12", "-1-2", "1-2-3", "99999999999999999999-1", "1-9999999999")) {
            assertThat(ChainPosition.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void theLedgerHasForksAndTheirEpochs() {
        LedgerLookup.Fork fork = ledger.fork(word(500)).orElseThrow();
        assertThat(fork.did()).isEqualTo(did(1).toString());
        assertThat(fork.epochs()).isEqualTo(2);
        assertThat(ledger.forks(did(1), ChainPosition.START, 10).items()).containsExactly(fork);
        assertThat(ledger.forks(did(2), ChainPosition.START, 10).items()).isEmpty();
        assertThat(ledger.epochs(word(500), 1, 10)).singleElement().satisfies(epoch -> {
            assertThat(epoch.epoch()).isEqualTo(1);
            assertThat(epoch.firstOpId()).isEqualTo("10");
            assertThat(epoch.lastOpId()).isEqualTo("19");
        });
        assertThat(ledger.fork(word(501))).isEmpty();
    }
}
