package io.bitdelta.node.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.Keystore;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.auth.ApiKeys;
import io.bitdelta.node.auth.Scope;
import io.bitdelta.node.cli.Main;
import io.bitdelta.node.local.NodeFixture;
import io.bitdelta.node.local.ServedNode;
import io.bitdelta.node.royalty.RoyaltyHouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands do the same on a data folder and on a running node: same output, same members, same exit codes. */
final class SameHereAndThereTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PASSWORD = "correct horse";

    @TempDir
    Path folder;

    /** What a command left behind. */
    private record Ran(int exit, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private static Ran run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Ran(line.execute(words.toArray(String[]::new)), out.toString(), err.toString());
    }

    private static List<String> words(String command, List<String> place) {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
        words.addAll(place);
        return words;
    }

    /** A keystore of a new account. */
    private record Owner(Path file, Path passwordFile, Secp256k1Key key) {
        String did() {
            return new LuxDid(31337, key.address()).toString();
        }

        String options() {
            return " --key " + file + " --password-file " + passwordFile;
        }
    }

    private Owner owner(String name) throws IOException {
        Path password = Files.writeString(folder.resolve(name + ".password"), PASSWORD + "\n");
        Ran made = run(List.of(
                "key",
                "new",
                "--data",
                folder.resolve(name).toString(),
                "--password-file",
                password.toString(),
                "--json"));
        assertThat(made.exit()).as(made.err()).isZero();
        Path file = Path.of(made.json().path("file").stringValue());
        return new Owner(file, password, Keystore.open(file, PASSWORD.toCharArray()));
    }

    @Test
    void readsTellTheSameAndWritesMakeTheSameKindOfAnswer() throws IOException {
        Owner alice = owner("alice");
        Owner bob = owner("bob");
        Path delta = NodeFixture.delta("user-a", folder);
        Bytes32 soup;
        Ran shown;
        String show;
        Map<String, JsonNode> told = new LinkedHashMap<>();
        List<String> reads = new ArrayList<>();
        Map<String, JsonNode> writes = new LinkedHashMap<>();
        try (RoyaltyHouse house = RoyaltyHouse.open(folder);
                ServedNode server = ServedNode.start(house.node(), "127.0.0.1", 0);
                ScheduledExecutorService following = Executors.newSingleThreadScheduledExecutor()) {
            house.node().jobs().start();
            soup = house.soup(
                    RoyaltyHouse.shares(List.of(alice.key().address(), RoyaltyHouse.identity(2)), 400_000_000));
            house.node().catchUp();
            var task = following.scheduleWithFixedDelay(
                    () -> {
                        try {
                            house.node().catchUp();
                        } catch (IOException away) {
                            throw new AssertionError(away);
                        }
                    },
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            List<String> there = List.of(
                    "--node",
                    "http://127.0.0.1:" + server.port(),
                    "--token",
                    new ApiKeys(house.node().database(), RANDOM, Clock.systemUTC())
                            .create("test", Optional.empty(), EnumSet.allOf(Scope.class), Duration.ofDays(1))
                            .secret(),
                    "--json");
            for (String write : writes(soup, delta, alice, bob)) {
                Ran ran = run(words(write, there));
                assertThat(ran.exit()).as("%s%n%s", write, ran.err()).isZero();
                writes.put(write, ran.json());
            }
            String id = writes.values().stream()
                    .map(json -> json.path("deltaId").asString(""))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElseThrow();
            house.node().catchUp();
            reads.addAll(List.of(
                    "did resolve " + alice.did(),
                    "did resolve " + alice.did() + " --version-id 0",
                    "registry show " + id,
                    "registry list --did " + alice.did(),
                    "registry list --limit 1",
                    "soup list",
                    "soup show " + soup,
                    "royalty balance --did " + alice.did(),
                    "royalty statement --from 2020-01-01 --to 2100-01-01 --did " + alice.did(),
                    "royalty voucher list",
                    "royalty settle"));
            for (String read : reads) {
                Ran ran = run(words(read, there));
                assertThat(ran.exit()).as("%s%n%s", read, ran.err()).isZero();
                told.put(read, ran.json());
            }
            shown = run(words("registry show " + id, there.subList(0, there.size() - 1)));
            show = "registry show " + id;
            for (Refused refused : refusals(soup)) {
                Ran ran = run(words(refused.command(), there));
                assertThat(ran.exit()).as("%s%n%s", refused, ran.err()).isEqualTo(refused.exit());
                assertThat(ran.out()).isEmpty();
            }
            task.cancel(false);
        }
        List<String> here = List.of("--data", folder.resolve("node").toString(), "--json");
        // For people there is more: what the manifest says.
        assertThat(shown.out()).contains("training");
        assertThat(run(words(show, here.subList(0, here.size() - 1))).out()).isEqualTo(shown.out());
        told.forEach((read, there) -> {
            Ran ran = run(words(read, here));
            assertThat(ran.exit()).as("%s%n%s", read, ran.err()).isZero();
            assertThat(ran.json()).as(read).isEqualTo(there);
        });
        for (Refused refused : refusals(soup)) {
            Ran ran = run(words(refused.command(), here));
            assertThat(ran.exit()).as("%s%n%s", refused, ran.err()).isEqualTo(refused.exit());
        }
        // Opening a node takes seconds: of commands that go the same way, one.
        writes.keySet()
                .removeIf(write -> write.matches("did delegate .*|royalty claim-all .*|royalty voucher announce.*"));
        writes.forEach((write, there) -> {
            Ran ran = run(words(again(write, alice, bob), here));
            assertThat(ran.exit()).as("%s%n%s", write, ran.err()).isZero();
            assertThat(ran.json().propertyNames()).as(write).containsExactlyElementsOf(there.propertyNames());
        });
    }

    private static List<String> writes(Bytes32 soup, Path delta, Owner alice, Owner bob) {
        return List.of(
                "registry publish " + delta + " --base-name tiny-qwen3" + alice.options(),
                "royalty pay " + soup + " 1000 --once invoice",
                "royalty distribute " + soup + " 500 --once november",
                "royalty claim --did " + alice.did(),
                "royalty claim-all --did " + alice.did(),
                "royalty voucher deposit 1000 --once a",
                "royalty voucher announce-withdrawal 10 --once a",
                "did attribute set " + alice.did() + " --name did/svc/Gateway --text https://gw.example --days 1"
                        + alice.options(),
                "did delegate add " + alice.did() + " --delegate " + RoyaltyHouse.identity(7) + " --days 1"
                        + alice.options(),
                "did delegate remove " + alice.did() + " --delegate " + RoyaltyHouse.identity(7) + alice.options(),
                "did rotate " + alice.did() + " --to " + bob.key().address() + alice.options());
    }

    /** The same command once more: after the rotation it is somebody else who signs. */
    private static String again(String write, Owner alice, Owner bob) {
        String signed = write.replace(alice.options(), bob.options());
        return write.startsWith("did rotate")
                ? signed.replace(
                        "--to " + bob.key().address(), "--to " + alice.key().address())
                : signed;
    }

    /** A command that is refused with the same exit code everywhere. */
    private record Refused(int exit, String command) {}

    private static List<Refused> refusals(Bytes32 soup) {
        String nobody = "0x" + "77".repeat(32);
        return List.of(
                new Refused(2, "did resolve did:lux:1:" + RoyaltyHouse.identity(1)),
                new Refused(2, "did resolve did:example:1"),
                new Refused(2, "did resolve nonsense"),
                new Refused(2, "did resolve did:lux:31337:" + RoyaltyHouse.identity(1) + " --version-id 999999"),
                new Refused(2, "registry show " + nobody),
                new Refused(2, "registry list --limit 501"),
                new Refused(2, "soup show " + nobody),
                new Refused(1, "royalty pay " + nobody + " 5"),
                new Refused(2, "royalty pay " + soup + " 0"),
                new Refused(3, "royalty voucher issue " + soup),
                new Refused(1, "royalty voucher withdraw --once none"));
    }
}
