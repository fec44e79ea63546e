package io.bitdelta.engine.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.privacy.BudgetLedger.Amount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetLedgerTest {
    private static final Amount CAP = Amount.of(8, 1e-5);

    @TempDir
    private Path folder;

    @Test
    void aRunIsChargedBeforeItStartsAndGivesBackWhatItDidNotSpend() throws IOException {
        Path path = folder.resolve("user.ledger");
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            ledger.reserve("one", Amount.of(5, 1e-6));
            assertThat(ledger.left().epsilonMilli()).isEqualTo(3000);
            ledger.settle("one", Amount.of(2.0001, 1e-6));
            assertThat(ledger.left().epsilonMilli()).isEqualTo(5999);
        }
        try (BudgetLedger again = BudgetLedger.open(path)) {
            assertThat(again.left().epsilonMilli()).isEqualTo(5999);
            assertThat(again.isOpen("one")).isFalse();
        }
    }

    @Test
    void overspendingIsRefusedAndChangesNothing() throws IOException {
        Path path = folder.resolve("user.ledger");
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            ledger.reserve("one", Amount.of(5, 1e-6));
            byte[] before = Files.readAllBytes(path);
            assertThatThrownBy(() -> ledger.reserve("two", Amount.of(3.001, 1e-6)))
                    .isInstanceOf(BudgetExceededException.class)
                    .hasMessageContaining("epsilon 3.001")
                    .hasMessageContaining("epsilon 3 ");
            assertThatThrownBy(() -> ledger.reserve("two", Amount.of(1, 1e-4)))
                    .isInstanceOf(BudgetExceededException.class);
            assertThat(Files.readAllBytes(path)).isEqualTo(before);
        }
    }

    @Test
    void aRunThatDiedStaysChargedAndItsCutOffLineNeverTookEffect() throws IOException {
        Path path = folder.resolve("user.ledger");
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            ledger.reserve("one", Amount.of(5, 1e-6));
        }
        byte[] whole = Files.readAllBytes(path);
        int firstEnd = new String(whole, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int length = firstEnd; length < whole.length; length += 7) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            try (BudgetLedger cut = BudgetLedger.open(path)) {
                assertThat(cut.spent()).isEqualTo(Amount.NOTHING);
                cut.reserve("two", Amount.of(1, 1e-6));
            }
            try (BudgetLedger after = BudgetLedger.open(path)) {
                assertThat(after.spent().epsilonMilli()).isEqualTo(1000);
            }
        }
        Files.write(path, whole);
        try (BudgetLedger again = BudgetLedger.open(path)) {
            assertThat(again.isOpen("one")).isTrue();
            assertThat(again.left().epsilonMilli()).isEqualTo(3000);
        }
    }

    @Test
    void aChangedRemovedOrForeignLineIsFound() throws IOException {
        Path path = folder.resolve("user.ledger");
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            ledger.reserve("one", Amount.of(5, 1e-6));
            ledger.settle("one", Amount.of(4, 1e-6));
            ledger.reserve("two", Amount.of(1, 1e-6));
        }
        List<String> lines = Files.readAllLines(path);
        for (int removed = 0; removed < lines.size() - 1; removed++) {
            List<String> fewer = new java.util.ArrayList<>(lines);
            fewer.remove(removed);
            Files.write(path, fewer);
            assertThatThrownBy(() -> BudgetLedger.open(path)).isInstanceOf(DamagedLedgerException.class);
        }
        Files.writeString(
                path, String.join("\n", lines).replace("\"epsilonMilli\":5000", "\"epsilonMilli\":1000") + "\n");
        assertThatThrownBy(() -> BudgetLedger.open(path)).isInstanceOf(DamagedLedgerException.class);
        Files.write(path, lines);
        Files.writeString(path, "hello\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> BudgetLedger.open(path))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("line 5");
    }

    @Test
    void twoHoldersAndRisingCapsAreRefused() throws IOException {
        Path path = folder.resolve("user.ledger");
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            assertThatThrownBy(() -> BudgetLedger.open(path))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
            ledger.lowerCap(Amount.of(4, 1e-5));
            assertThatThrownBy(() -> ledger.lowerCap(Amount.of(6, 1e-5)))
                    .isInstanceOf(PrivacyParameterException.class)
                    .hasMessageContaining("raises");
            ledger.reserve("one", Amount.of(1, 1e-6));
            assertThatThrownBy(() -> ledger.reserve("one", Amount.of(1, 1e-6))).hasMessageContaining("charged already");
            assertThatThrownBy(() -> ledger.settle("one", Amount.of(2, 1e-6))).hasMessageContaining("more than was");
        }
    }

    @Property(tries = 40)
    void noSequenceOfRunsSpendsMoreThanTheCap(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 4000) Integer> asked) throws IOException {
        Path folder = Files.createTempDirectory("ledger");
        Path path = folder.resolve("user.ledger");
        long spent = 0;
        try (BudgetLedger ledger = BudgetLedger.create(path, CAP)) {
            for (int i = 0; i < asked.size(); i++) {
                try {
                    ledger.reserve("run" + i, new Amount(asked.get(i), 1));
                    spent += asked.get(i);
                } catch (BudgetExceededException e) {
                    assertThat(spent + asked.get(i)).isGreaterThan(CAP.epsilonMilli());
                }
                assertThat(ledger.spent()).isEqualTo(new Amount(spent, ledger.runs()));
                assertThat(ledger.spent().within(CAP)).isTrue();
            }
        }
        try (BudgetLedger again = BudgetLedger.open(path)) {
            assertThat(again.spent().epsilonMilli()).isEqualTo(spent);
        }
        Files.delete(path);
        Files.delete(folder);
    }
}
