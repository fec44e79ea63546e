package io.bitdelta.node.cli.royalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.royalty.RoyaltyHouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command group on a data folder: pay, look, claim, account. */
final class RoyaltyCommandsTest {
    private static final EvmAddress ALICE = RoyaltyHouse.identity(1);
    private static final String DID = new LuxDid(31337, ALICE).toString();

    @TempDir
    Path folder;

    private JsonNode run(int exit, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine main = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("royalty"));
        all.addAll(Arrays.asList(words));
        all.addAll(List.of("--data", folder.resolve("node").toString(), "--json"));
        assertThat(main.execute(all.toArray(String[]::new)))
                .as("%s%n%s", all, err)
                .isEqualTo(exit);
        return out.toString().isBlank()
                ? JsonMapper.shared().createObjectNode()
                : JsonMapper.shared().readTree(out.toString());
    }

    @Test
    void whatIsPaidIsShownClaimedAndAccountedFor() throws IOException {
        Bytes32 soup;
        try (RoyaltyHouse house = RoyaltyHouse.open(folder)) {
            soup = house.soup(RoyaltyHouse.shares(List.of(ALICE, RoyaltyHouse.identity(2)), 400_000_000));
        }
        assertThat(run(0, "pay", soup.hex(), "1000", "--once", "invoice").path("received").stringValue())
                .isEqualTo("1000");
        run(0, "pay", soup.hex(), "1000", "--once", "invoice");
        JsonNode balance = run(0, "balance", "--did", DID).path("balances").path(0);
        assertThat(balance.path("claimable").path("units").stringValue()).isEqualTo("400");
        JsonNode claim = run(0, "claim", "--did", DID).path("claims").path(0);
        assertThat(claim.path("amount").path("units").stringValue()).isEqualTo("400");
        assertThat(run(0, "claim-all", "--did", DID).path("claims")).isEmpty();

        Path csv = folder.resolve("statement.csv");
        JsonNode statement =
                run(0, "statement", "--did", DID, "--from", "2020-01-01", "--to", "2100-01-01", "--out", csv.toString());
        assertThat(statement.path("tokens").path(0).path("closing").stringValue()).isEqualTo("0");
        assertThat(Files.readString(csv)).contains(",400,").contains(",-400,");

        assertThat(run(0, "voucher", "list").path("vouchers")).isEmpty();
        assertThat(run(0, "settle").path("vouchers")).isEmpty();
        run(3, "voucher", "issue", soup.hex());
        run(2, "pay", soup.hex(), "0");
        run(2, "statement", "--did", DID, "--from", "yesterday", "--to", "2100-01-01");
        run(2, "statement", "--did", DID, "--from", "2100-01-01", "--to", "2020-01-01");
    }
}
