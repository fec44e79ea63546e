package io.bitdelta.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTableTest {
    @TempDir
    private Path folder;

    @Test
    void everyFormIsBetweenTheBaseAndTheFineTuneAndMoreBitsKeepMore() throws IOException {
        Path judged = Files.writeString(
                folder.resolve("judged.txt"),
                "And the LORD spake unto Moses, saying, Speak unto the children of Israel, that they turn and encamp"
                        + " before the sea. And the children of Israel did so, and went up out of the land of Egypt.\n");
        List<QualityTable.Row> seen = new ArrayList<>();
        List<QualityTable.Row> rows = QualityTable.rows(
                TestModels.tiny("base"), TestModels.tiny("user-b"), judged, Optional.empty(), folder, 1, 1, seen::add);
        assertThat(seen).isEqualTo(rows);
        assertThat(row(rows, "base").gain()).isZero();
        assertThat(row(rows, "fine-tune").gain()).isCloseTo(1, within(1e-12));
        QualityTable.Row one = row(rows, "1 bit, per row");
        QualityTable.Row two = row(rows, "2 bit, per row");
        assertThat(two.bytes()).isGreaterThan(one.bytes());
        assertThat(one.gain()).isBetween(0.7, two.gain());
        assertThat(row(rows, "1 bit, per row, rest 1 bit").bytes()).isLessThan(one.bytes() / 3);
        assertThat(row(rows, "a tenth of the bytes").bytes())
                .isLessThanOrEqualTo(row(rows, "fine-tune").bytes() / 10);
    }

    private static QualityTable.Row row(List<QualityTable.Row> rows, String form) {
        return rows.stream().filter(row -> row.form().equals(form)).findFirst().orElseThrow();
    }
}
