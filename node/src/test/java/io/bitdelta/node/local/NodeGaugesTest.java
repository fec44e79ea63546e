package io.bitdelta.node.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.api.NodeCaller;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.royalty.SettlementJob;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node measures of itself, as Prometheus would read it. */
final class NodeGaugesTest {
    @TempDir
    Path folder;

    private static double value(String metrics, String series) {
        List<String> lines =
                metrics.lines().filter(line -> line.startsWith(series + " ")).toList();
        assertThat(lines).as(series + " in\n" + metrics).hasSize(1);
        return Double.parseDouble(lines.getFirst().substring(series.length() + 1));
    }

    @Test
    void theNodesWorkIsThereToBeSeen() throws IOException {
        Path config = Files.writeString(folder.resolve("c.yaml"), "chain: { accounts: 2 }\n");
        try (LocalNode node = NodeFixture.open(folder.resolve("node"), NodeConfig.load(folder, Optional.of(config)));
                ServedNode server = ServedNode.start(node, "127.0.0.1", 0);
                NodeCaller caller = new NodeCaller("http://127.0.0.1:" + server.port(), "")) {
            node.catchUp();
            node.jobs().submit("t", SettlementJob.NAME, Optional.empty(), SettlementJob.input());
            node.outbox()
                    .submit(new TxRequest(
                            "a transfer", "0x000000000000000000000000000000000000dead", "0x", BigInteger.ONE));
            server.measure();
            String metrics = caller.get("/metrics").response().body();
            assertThat(value(metrics, "bitdelta_jobs{state=\"queued\"}")).isEqualTo(1);
            assertThat(value(metrics, "bitdelta_jobs{state=\"failed\"}")).isZero();
            assertThat(value(metrics, "bitdelta_jobs_oldest_seconds")).isNotNegative();
            double open = 0;
            for (String state : List.of("waiting_fee", "signed", "submitted", "cancelling", "mined")) {
                open += value(metrics, "bitdelta_outbox_entries{state=\"%s\"}".formatted(state));
            }
            assertThat(open).isEqualTo(1);
            assertThat(value(metrics, "bitdelta_outbox_stuck")).isZero();
            assertThat(value(metrics, "bitdelta_outbox_oldest_seconds")).isPositive();
            assertThat(value(metrics, "bitdelta_signer_balance_wei{signer=\"1\"}"))
                    .isGreaterThan(1e18);
            assertThat(value(metrics, "bitdelta_signer_balance_wei{signer=\"2\"}"))
                    .isGreaterThan(1e18);
            assertThat(value(metrics, "bitdelta_index_lag_blocks")).isBetween(0.0, 2.0);
            assertThat(value(metrics, "bitdelta_index_block")).isPositive();
            assertThat(value(metrics, "bitdelta_store_blocks")).isZero();
            assertThat(value(metrics, "bitdelta_store_bytes")).isZero();
            assertThat(value(metrics, "bitdelta_gas_limit_wei{window=\"hour\"}"))
                    .isPositive();
            assertThat(value(metrics, "bitdelta_vouchers{state=\"lost\"}")).isZero();
            // Tags hold no addresses, ids or purposes.
            assertThat(metrics).doesNotContain(node.outbox().signer(), "a transfer", "0x");
        }
    }
}
