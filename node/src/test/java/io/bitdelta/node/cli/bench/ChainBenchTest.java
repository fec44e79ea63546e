package io.bitdelta.node.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.chain.ChainFixture;
import io.bitdelta.node.chain.EmbeddedChain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainBenchTest {
    @Test
    void everyTransactionIsMinedAndKeepsItsTarget(@TempDir Path folder) throws IOException {
        List<ChainRow> rows;
        try (EmbeddedChain chain = ChainFixture.start(folder)) {
            rows = new ChainBench(chain, List.of(10, 12)).run();
        }
        assertThat(rows)
                .extracting(ChainRow::name)
                .doesNotHaveDuplicates()
                .contains(
                        "publish-first",
                        "publish-repeat",
                        "publishMany-20-each",
                        "publishBySig-first",
                        "revoke",
                        "propose",
                        "propose-10",
                        "finalize",
                        "pay-native-repeat",
                        "pay-erc20-repeat",
                        "claim-erc20-12-first",
                        "claim-erc20-12-repeat",
                        "claimMany-10-each-first",
                        "claimMany-10-each-repeat",
                        "pull-first",
                        "pull-repeat",
                        "settle-20-each-first",
                        "settle-20-each-repeat",
                        "answer-10",
                        "rebut-12");
        // Gas is a property of the code, not of the machine. These soups are small: their claims keep the target.
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.value()).as(row.name()).isBetween(21_000.0 / 20, (double) row.target());
            assertThat(row.ratio()).isEqualTo(row.value() / row.baseline());
        });
    }
}
