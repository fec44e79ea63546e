package io.bitdelta.node.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.Links;
import io.bitdelta.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The store from the command line, in one process. */
final class StoreCommandsTest {
    @TempDir
    private Path folder;

    private Path file;

    private record Run(int code, String out, String err) {
        JsonNode json() {
            assertThat(out.lines()).hasSize(1);
            return JsonMapper.shared().readTree(out);
        }
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("content.bin");
        byte[] content = new byte[2_200_000];
        new Random(7).nextBytes(content);
        Files.write(file, content);
    }

    private Run run(String command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(
                        Stream.of(
                                "store",
                                command,
                                "--data",
                                folder.resolve("data").toString()),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return new Run(line.execute(all), out.toString(), err.toString());
    }

    @Test
    void addsListsAndGetsBack() throws IOException {
        JsonNode added = run("add", "--json", "--public", file.toString()).json();
        assertThat(added.get("bytes").asLong()).isEqualTo(2_200_000);
        assertThat(added.get("blocks").asLong()).isEqualTo(4);
        String cid = added.get("cid").asString();
        JsonNode pin = run("ls", "--json").json().get("pins").get(0);
        assertThat(pin.get("cid").asString()).isEqualTo(cid);
        assertThat(pin.get("name").asString()).isEqualTo("content.bin");
        assertThat(pin.get("isPublic").asBoolean()).isTrue();
        Path back = folder.resolve("back.bin");
        Run got = run("get", cid, "--out", back.toString());
        assertThat(got.code).isZero();
        assertThat(back).hasSameBinaryContentAs(file);
        assertThat(run("verify", "--json").json().get("ok").asBoolean()).isTrue();
    }

    @Test
    void wrongArgumentsAreUsageErrorsInOneLine() {
        String cid = "bafkreie5noke3mb7hqxukzcy73nl23k6lxszxi5w3dtmuwz62wnvkpsscm";
        assertUsage(run("add", file.toString(), "--profile", "nope"), "'nope'");
        assertUsage(run("add", file.toString(), "--threads", "0"), "--threads");
        assertUsage(run("add", folder.resolve("absent").toString()), "absent");
        assertUsage(run("get", cid), "no content store");
        assertUsage(run("pin", cid, "--gateway", "ftp://host"), "ftp://host");
        run("add", file.toString());
        assertUsage(run("verify", "--repair-from", "nonsense"), "nonsense");
        assertUsage(run("get", "nonsense"), "nonsense");
        assertUsage(run("import", file.toString()), "CAR");
    }

    private static void assertUsage(Run run, String detail) {
        assertThat(run.code).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err.lines()).hasSize(1);
        assertThat(run.err).contains(detail).doesNotContain("Exception");
    }

    @Test
    void aFlippedByteExitsWithThreeAndNamesTheBlock() throws IOException {
        Cid root = Cid.parse(
                run("add", "--json", file.toString()).json().get("cid").asString());
        ContentStore store = ContentStore.open(folder.resolve("data/store"));
        Cid leaf = Links.of(store.blocks().require(root)).getFirst();
        Path at = ((FileBlockstore) store.blocks()).file(leaf);
        byte[] bytes = Files.readAllBytes(at);
        bytes[77] ^= 1;
        Files.delete(at);
        Files.write(at, bytes);
        Path back = folder.resolve("back.bin");
        Run got = run("get", root.toString(), "--out", back.toString());
        assertThat(got.code).isEqualTo(3);
        assertThat(got.err.lines()).hasSize(1);
        assertThat(got.err).contains(leaf.toString());
        assertThat(back).doesNotExist();
        Run verified = run("verify", "--json");
        assertThat(verified.code).isEqualTo(3);
        assertThat(verified.json().get("findings").get(0).get("cid").asString()).isEqualTo(leaf.toString());
    }

    @Test
    void unpinnedContentIsCollected() {
        String cid = run("add", "--json", file.toString()).json().get("cid").asString();
        assertThat(run("pin", "--direct", "--name", "root only", cid).code).isZero();
        assertThat(run("unpin", "--name", "content.bin", cid).code).isZero();
        JsonNode collected = run("gc", "--json").json();
        assertThat(collected.get("removed").asLong()).isEqualTo(3);
        assertThat(collected.get("kept").asLong()).isEqualTo(1);
        assertThat(run("get", cid, "--out", folder.resolve("x").toString()).code)
                .isEqualTo(1);
        assertThat(run("unpin", cid).code).isZero();
        assertThat(run("unpin", cid).code).isEqualTo(1);
    }

    @Test
    void badInputIsOneLineAndTheRightCode() {
        assertThat(run("get", "nonsense").code).isEqualTo(2);
        Run absent = run("add", folder.resolve("absent").toString());
        assertThat(absent.code).isEqualTo(2);
        assertThat(absent.err.lines()).hasSize(1);
        assertThat(absent.err).contains("absent");
        run("add", file.toString());
        Run bad = run("get", "nonsense");
        assertThat(bad.code).isEqualTo(2);
        assertThat(bad.err).contains("nonsense").hasLineCount(1);
        Run full = run("add", "--quota", "10", file.toString(), "--name", "again");
        assertThat(full.code).isZero();
        assertThat(run("gc", "--quota", "-1").code).isEqualTo(2);
        assertThat(run("gc", "--wait", "-1").code).isEqualTo(2);
    }

    @Test
    void foldersAndArchivesGoInAndOut() throws IOException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("sub/empty"));
        Files.copy(file, tree.resolve("sub/content.bin"));
        Files.writeString(tree.resolve("z.txt"), "z");
        String cid = run("add", "--json", tree.toString()).json().get("cid").asString();
        Path archive = folder.resolve("tree.car");
        assertThat(run("export", cid, "--out", archive.toString()).code).isZero();
        assertThat(run("unpin", cid).code).isZero();
        assertThat(run("gc").code).isZero();
        assertThat(run("import", "--json", archive.toString())
                        .json()
                        .get("roots")
                        .get(0)
                        .asString())
                .isEqualTo(cid);
        Path back = folder.resolve("back");
        assertThat(run("get", cid, "--out", back.toString()).code).isZero();
        assertThat(back.resolve("sub/content.bin")).hasSameBinaryContentAs(file);
        assertThat(back.resolve("sub/empty")).isEmptyDirectory();
        assertThat(run("get", cid, "--out", back.toString()).code).isEqualTo(1);
        Files.write(archive, java.util.Arrays.copyOf(Files.readAllBytes(archive), 5000));
        Run cut = run("import", archive.toString());
        assertThat(cut.code).isEqualTo(2);
        assertThat(cut.err).contains("malformed CAR").hasLineCount(1);
    }

    @Test
    void theQuotaIsKept() {
        Run full = run("add", "--quota", "1000000", file.toString());
        assertThat(full.code).isEqualTo(1);
        assertThat(full.err).contains("quota of 1000000 bytes").hasLineCount(1);
    }

    @Test
    void everyCommandHasAnExample() {
        for (String command :
                new String[] {"add", "get", "cat", "ls", "pin", "unpin", "gc", "verify", "export", "import"}) {
            Run help = run(command, "--help");
            assertThat(help.code).isZero();
            assertThat(help.out).contains("Example: bitdelta store " + command);
        }
    }
}
