package io.bitdelta.node.cli.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.ipfs.block.MemoryBlockstore;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeltaCommandsTest {
    private static final Path MODELS = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        command.getErr().flush();
        return code;
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private Path compress(String... more) {
        Path delta = folder.resolve("user-a.bitdelta");
        String[] arguments = new String[9 + more.length];
        System.arraycopy(
                new String[] {
                    "delta",
                    "compress",
                    "--base",
                    MODELS.resolve("base").toString(),
                    "--finetuned",
                    MODELS.resolve("user-a").toString(),
                    "--out",
                    delta.toString(),
                    "--json"
                },
                0,
                arguments,
                0,
                9);
        System.arraycopy(more, 0, arguments, 9, more.length);
        assertThat(run(arguments)).as(err.toString()).isEqualTo(ExitCode.OK);
        return delta;
    }

    private Path compressed(String name, String finetuned) {
        Path delta = folder.resolve(name);
        int code = run(
                "delta",
                "compress",
                "--base",
                MODELS.resolve("base").toString(),
                "--finetuned",
                MODELS.resolve(finetuned).toString(),
                "--rest",
                "base",
                "--out",
                delta.toString());
        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        return delta;
    }

    /** The same delta with the scales of one tensor twenty times as large, as a planted change would be. */
    private Path louder(Path delta) throws IOException {
        byte[] bytes = Files.readAllBytes(delta);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(buffer.getLong(0));
        JsonNode entries = JsonMapper.shared().readTree(new String(bytes, 8, header, StandardCharsets.UTF_8));
        JsonNode at = entries.get("model.layers.1.mlp.up_proj.weight.scale").get("data_offsets");
        for (int i = at.get(0).asInt(); i < at.get(1).asInt(); i += 4) {
            buffer.putFloat(8 + header + i, 20 * buffer.getFloat(8 + header + i));
        }
        return Files.write(folder.resolve("louder.bitdelta"), bytes);
    }

    @Test
    void scanFindsATensorThatIsLouderThanTheOthers() throws IOException {
        Path a = compressed("a.bitdelta", "user-a");
        Path b = compressed("b.bitdelta", "user-b");
        Path c = compressed("c.bitdelta", "user-c");
        assertThat(run("delta", "scan", "--json", a.toString(), a.toString(), a.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("suspicious").asBoolean()).isFalse();
        assertThat(json().get("members").size()).isEqualTo(3);
        Path planted = louder(c);
        assertThat(run("delta", "scan", "--json", a.toString(), b.toString(), planted.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.DOES_NOT_HOLD);
        JsonNode found = json().get("members").get(2);
        assertThat(found.get("suspicious").asBoolean()).isTrue();
        assertThat(found.get("loudest").asString()).isEqualTo("model.layers.1.mlp.up_proj.weight");
        assertThat(run("delta", "scan", a.toString(), b.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 deltas have no majority", "at least 3 are needed");
    }

    @Test
    void compressPrintsItsKeysAndInspectTheHeader() {
        Path delta = compress();
        JsonNode report = json();
        for (String key : new String[] {
            "deltaHash",
            "baseHash",
            "finetunedHash",
            "tensors",
            "weights",
            "bytes",
            "originalBytes",
            "ratio",
            "relativeError",
            "seconds",
            "gibPerSecond"
        }) {
            assertThat(report.has(key)).as(key).isTrue();
        }
        assertThat(report.get("ratio").asDouble()).isBetween(4.0, 4.6);
        assertThat(run("delta", "inspect", delta.toString(), "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("baseHash").asString())
                .isEqualTo(report.get("baseHash").asString());
        assertThat(json().get("tensors")).isEmpty();
    }

    /** A byte for a scale and half a header: everything that can be done with a delta can be done with this one. */
    @Test
    void aPackedDeltaIsSmallerVerifiesAndIsInspectedAsAnyOther() throws IOException {
        Path delta = compress("--rest", "onebit", "--packed");
        assertThat(json().get("ratio").asDouble()).isGreaterThan(15);
        long bytes = Files.size(delta);
        assertThat(run(
                        "delta",
                        "verify",
                        delta.toString(),
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--finetuned",
                        MODELS.resolve("user-a").toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(run("delta", "inspect", "--json", "--tensors", delta.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("tensors").size()).isEqualTo(46);
        compress("--rest", "onebit", "--packed", "--scale-dtype", "f16");
        assertThat(Files.size(delta)).isGreaterThan(bytes);
        assertThat(run("delta", "compress", "--base", "b", "--finetuned", "f", "--out", "o", "--scale-dtype", "u8"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--packed");
    }

    @Test
    void inspectShowsEveryTensorsSigns() {
        Path delta = compress("--granularity", "tensor");
        assertThat(run("delta", "inspect", "--json", "--tensors", delta.toString()))
                .isEqualTo(ExitCode.OK);
        JsonNode first = json().get("tensors")
                .valueStream()
                .filter(t -> t.get("name").asString().equals("model.layers.0.mlp.down_proj.weight"))
                .findFirst()
                .orElseThrow();
        assertThat(first.get("ones").asLong()).isEqualTo(50400);
        assertThat(first.get("granularity").asString()).isEqualTo("tensor");
        assertThat(first.get("scales").get("count").asLong()).isEqualTo(1);
    }

    @Test
    void verifyHoldsForTheTruthAndExitsWithThreeForAFlippedByte() throws IOException {
        Path delta = compress();
        String[] verify = {
            "delta",
            "verify",
            delta.toString(),
            "--base",
            MODELS.resolve("base").toString(),
            "--finetuned",
            MODELS.resolve("user-a").toString(),
            "--json"
        };
        assertThat(run(verify)).isEqualTo(ExitCode.OK);
        assertThat(json().get("ok").asBoolean()).isTrue();
        byte[] bytes = Files.readAllBytes(delta);
        bytes[bytes.length - 1] ^= 1;
        Files.write(delta, bytes);
        assertThat(run(verify)).isEqualTo(ExitCode.DOES_NOT_HOLD);
        assertThat(json().get("ok").asBoolean()).isFalse();
    }

    @Test
    void applyWritesACheckpoint() {
        Path delta = compress();
        Path rebuilt = folder.resolve("rebuilt");
        assertThat(run(
                        "delta",
                        "apply",
                        delta.toString(),
                        "--base",
                        MODELS.resolve("base").toString(),
                        "--out",
                        rebuilt.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(rebuilt.resolve("model.safetensors")).exists();
    }

    @Test
    void badInputIsOneLineAndExitCodeTwo() throws IOException {
        Path truncated = folder.resolve("truncated.safetensors");
        byte[] bytes = Files.readAllBytes(MODELS.resolve("user-a/model.safetensors"));
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
        String base = MODELS.resolve("base").toString();
        String target = folder.resolve("x").toString();
        assertThat(run("delta", "compress", "--base", base, "--finetuned", truncated.toString(), "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("truncated").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", "nowhere", "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("nowhere").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", base, "--out", target))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("equal").hasLineCount(1);
        assertThat(run("delta", "compress", "--base", base, "--finetuned", base, "--out", target, "--granularity", "x"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("delta", "inspect", truncated.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run("delta", "inspect", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(folder.toFile().list()).containsExactly("truncated.safetensors");
    }

    private Path compressUser(String user, String... more) {
        Path delta = folder.resolve(user + ".bitdelta");
        List<String> arguments = new ArrayList<>(List.of("delta", "compress", "--base", model("base")));
        arguments.addAll(List.of("--finetuned", model(user), "--out", delta.toString(), "--json"));
        arguments.addAll(List.of(more));
        assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
        return delta;
    }

    private static String model(String variant) {
        return MODELS.resolve(variant).toString();
    }

    private Path writableBase() throws IOException {
        Path copy = folder.resolve("copy.safetensors");
        Files.copy(MODELS.resolve("base/model.safetensors"), copy);
        assertThat(copy.toFile().setWritable(true)).isTrue();
        return copy;
    }

    @Test
    void applyInPlaceGivesTheWeightsThatApplyWrites() throws IOException {
        Path delta = compress();
        Path copy = writableBase();
        Path rebuilt = folder.resolve("rebuilt");
        assertThat(run("delta", "apply", delta.toString(), "--base", model("base"), "--out", rebuilt.toString()))
                .isEqualTo(ExitCode.OK);
        assertThat(run("delta", "apply", delta.toString(), "--base", copy.toString(), "--in-place", "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("out").asString()).isEqualTo(copy.toString());
        String none = folder.resolve("none").toString();
        assertThat(run(
                        "delta",
                        "compress",
                        "--base",
                        copy.toString(),
                        "--finetuned",
                        rebuilt.toString(),
                        "--out",
                        none))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("equal");
        assertThat(run("delta", "apply", delta.toString(), "--base", copy.toString(), "--in-place"))
                .as("a second time it is another base")
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("delta", "apply", delta.toString(), "--base", copy.toString()))
                .as("neither --out nor --in-place")
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aCutOffChangeInPlaceStopsEveryCommand() throws IOException {
        Path delta = compress();
        Path copy = writableBase();
        Files.write(folder.resolve("copy.safetensors.bitdelta-journal"), new byte[] {1});
        assertThat(run("delta", "verify", delta.toString(), "--base", copy.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cut off").contains("--in-place").hasLineCount(1);
        assertThat(run("delta", "apply", delta.toString(), "--base", copy.toString(), "--in-place"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("journal is damaged").hasLineCount(1);
    }

    @Test
    void diffCountsWhatDiffers() {
        Path a = compressUser("user-a");
        Path b = compressUser("user-b");
        assertThat(run("delta", "diff", a.toString(), a.toString(), "--json")).isEqualTo(ExitCode.OK);
        assertThat(json().get("hamming").asLong()).isZero();
        assertThat(run("delta", "diff", a.toString(), b.toString(), "--json")).isEqualTo(ExitCode.OK);
        JsonNode report = json();
        assertThat(report.get("sameBase").asBoolean()).isTrue();
        long sum = report.get("tensors")
                .valueStream()
                .mapToLong(t -> t.get("hamming").asLong())
                .sum();
        assertThat(sum).isPositive().isEqualTo(report.get("hamming").asLong());
    }

    @Test
    void mergeTakesTheMeanAndIsADelta() {
        Path a = compressUser("user-a", "--rest", "base");
        Path b = compressUser("user-b", "--rest", "base");
        Path merged = folder.resolve("merged");
        assertThat(run("delta", "merge", a.toString(), b.toString(), "--out", merged.toString(), "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("tensors").asInt()).isEqualTo(28);
        assertThat(run("delta", "verify", merged.toString(), "--base", model("base"), "--json"))
                .isEqualTo(ExitCode.OK);
        assertThat(run("delta", "merge", a.toString(), "--out", merged.toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aLoraAdapterBecomesASmallerDelta() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4,\"bias\":\"none\"}");
        Path factors = adapter.resolve("adapter_model.safetensors");
        String module = "base_model.model.model.layers.0.mlp.up_proj.";
        writeF32(factors, module + "lora_A.weight", new long[] {2, 192}, module + "lora_B.weight", new long[] {512, 2});
        Path delta = folder.resolve("lora.bitdelta");
        assertThat(run(
                        "delta",
                        "from-lora",
                        "--base",
                        model("base"),
                        "--adapter",
                        adapter.toString(),
                        "--out",
                        delta.toString(),
                        "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(Files.size(delta)).isLessThanOrEqualTo(Files.size(factors));
        assertThat(run("delta", "verify", delta.toString(), "--base", model("base")))
                .isEqualTo(ExitCode.OK);
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"peft_type\":\"IA3\"}");
        assertThat(run(
                        "delta",
                        "from-lora",
                        "--base",
                        model("base"),
                        "--adapter",
                        adapter.toString(),
                        "--out",
                        delta.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("adapter_config.json")
                .contains("IA3")
                .hasLineCount(1);
    }

    /** A safetensors file of two F32 tensors with small numbers. */
    private static void writeF32(Path file, String first, long[] firstShape, String second, long[] secondShape)
            throws IOException {
        long firstBytes = 4 * firstShape[0] * firstShape[1];
        long secondBytes = 4 * secondShape[0] * secondShape[1];
        String header = "{\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,%d]},"
                        .formatted(first, Arrays.toString(firstShape), firstBytes)
                + "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}}"
                        .formatted(second, Arrays.toString(secondShape), firstBytes, firstBytes + secondBytes);
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate((int) (8 + text.length + firstBytes + secondBytes))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text);
        for (int i = 0; bytes.hasRemaining(); i++) {
            bytes.putFloat((i % 7 - 3) / 100f);
        }
        Files.write(file, bytes.array());
    }

    @Test
    void aBdltBlobIsImportedAndABrokenOneNamed() throws IOException {
        String tensor = "model.layers.0.self_attn.k_proj.weight";
        int count = 128 * 192;
        ByteBuffer blob = ByteBuffer.allocate(21 + count / 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x42444C54)
                .putInt(count)
                .putFloat(0.01f)
                .put((byte) 2)
                .putInt(128)
                .putInt(192);
        Path file = Files.write(folder.resolve("k.bdlt"), blob.array());
        Path out = folder.resolve("imported");
        String[] arguments = {
            "delta", "import", "--base", model("base"), "--bdlt", tensor + "=" + file, "--out", out.toString(), "--json"
        };
        assertThat(run(arguments)).as(err.toString()).isEqualTo(ExitCode.OK);
        assertThat(json().get("tensors").asInt()).isEqualTo(1);
        assertThat(run("delta", "verify", out.toString(), "--base", model("base")))
                .isEqualTo(ExitCode.OK);
        Files.write(file, Arrays.copyOf(blob.array(), 30));
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("k.bdlt").hasLineCount(1);
        assertThat(run("delta", "import", "--base", model("base"), "--torch", file.toString(), "--out", out.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("k.bdlt").contains("zip").hasLineCount(1);
        assertThat(run("delta", "import", "--base", model("base"), "--out", out.toString()))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aBudgetIsKeptAndItsChoicesAreShown() throws IOException {
        Path delta = compressUser("user-a", "--budget", "120000");
        JsonNode report = json();
        assertThat(Files.size(delta))
                .isLessThanOrEqualTo(120_000)
                .isEqualTo(report.get("bytes").asLong());
        assertThat(report.get("curve").size()).isGreaterThan(5);
        assertThat(report.get("choices").valueStream().map(c -> c.get("kind").asString()))
                .contains("lowrank");
        assertThat(run("delta", "verify", delta.toString(), "--base", model("base"), "--finetuned", model("user-a")))
                .as(out.toString())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void aChunkIsProvenUnderTheDeltaHashAndUnderNoOther() throws IOException {
        Path delta = compress();
        String root = json().get("deltaHash").asString();
        Path proof = folder.resolve("proof.json");
        assertThat(run(
                        "delta",
                        "prove",
                        delta.toString(),
                        "--kind",
                        "scales",
                        "--chunk",
                        "2",
                        "--out",
                        proof.toString(),
                        "--json"))
                .as(err.toString())
                .isEqualTo(ExitCode.OK);
        assertThat(json().get("deltaRoot").asString()).isEqualTo(root);
        assertThat(run("delta", "check-proof", proof.toString(), "--root", root))
                .isEqualTo(ExitCode.OK);
        String other = root.substring(0, 65) + (root.endsWith("0") ? "1" : "0");
        assertThat(run("delta", "check-proof", proof.toString(), "--root", other))
                .isEqualTo(ExitCode.DOES_NOT_HOLD);
        Files.writeString(proof, Files.readString(proof).replace("\"kind\":\"scales\"", "\"kind\":\"signs\""));
        assertThat(run("delta", "check-proof", proof.toString(), "--root", root))
                .isEqualTo(ExitCode.DOES_NOT_HOLD);
        Files.writeString(proof, "{}");
        assertThat(run("delta", "check-proof", proof.toString(), "--root", root))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("proof.json").hasLineCount(1);
        assertThat(run("delta", "prove", delta.toString(), "--chunk", "999999", "--out", proof.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("999999").hasLineCount(1);
    }

    private Manifest manifest(Path delta, long size) throws IOException {
        EvmAddress owner = EvmAddress.of("0x" + "11".repeat(20));
        Bytes32 salt = Bytes32.of("0x" + "22".repeat(32));
        try (DeltaFile file = DeltaFile.open(delta)) {
            return Manifest.builder()
                    .base(
                            "tiny-qwen3",
                            Bytes32.of(file.header().metadata().baseHash().bytes()))
                    .compression("1bit", "row", size)
                    .delta(
                            new UnixFsImporter(new MemoryBlockstore())
                                    .importFile(delta, bytes -> {})
                                    .root()
                                    .toString(),
                            Bytes32.of(DeltaCommitment.contentRoot(file).bytes()),
                            Bytes32.of(DeltaCommitment.of(file, owner.bytes(), Hash32.of(salt.bytes()))
                                    .deltaRoot()
                                    .bytes()),
                            Bytes32.of(file.fileHash().bytes()),
                            salt)
                    .noPrivacyClaim()
                    .user(new LuxDid(31337, owner))
                    .versioning(Instant.parse("2026-11-20T20:00:00Z"), Bytes32.ZERO)
                    .build();
        }
    }

    @Test
    void aManifestHoldsForItsFileAndForNoOther() throws IOException {
        Path delta = compress();
        Path document = folder.resolve("manifest.json");
        Files.write(document, manifest(delta, Files.size(delta)).bytes());
        String[] verify = {"delta", "verify", delta.toString(), "--manifest", document.toString(), "--json"};
        assertThat(run(verify)).as(out.toString() + err).isEqualTo(ExitCode.OK);
        assertThat(json().get("checks").valueStream().map(c -> c.get("name").asString()))
                .contains("manifest base", "manifest fileHash", "manifest cid", "manifest deltaRoot");
        Files.write(document, manifest(delta, 7).bytes());
        assertThat(run(verify)).isEqualTo(ExitCode.DOES_NOT_HOLD);
        Files.write(document, manifest(delta, Files.size(delta)).bytes());
        Path other = compressUser("user-b");
        assertThat(run("delta", "verify", other.toString(), "--manifest", document.toString()))
                .isEqualTo(ExitCode.DOES_NOT_HOLD);
        Files.writeString(document, "{}");
        assertThat(run(verify)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).hasLineCount(1);
        assertThat(run("delta", "verify", delta.toString(), "--manifest", "nowhere"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verifyingRemembersTheBaseUnlessToldNotTo() {
        Path delta = compress();
        String[] verify = {"delta", "verify", delta.toString(), "--base", model("base")};
        assertThat(run(verify)).isEqualTo(ExitCode.OK);
        assertThat(run(verify)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("remembered");
        String[] rehash = Arrays.copyOf(verify, verify.length + 1);
        rehash[verify.length] = "--rehash";
        assertThat(run(rehash)).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).doesNotContain("remembered");
    }

    @Test
    void everyCommandHasADescriptionAndAnExample() {
        CommandLine delta =
                Objects.requireNonNull(Main.commandLine().getSubcommands().get("delta"));
        delta.getSubcommands().forEach((name, command) -> {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
            assertThat(String.join("\n", command.getCommandSpec().usageMessage().footer()))
                    .as(name)
                    .contains("bitdelta delta " + name);
        });
    }
}
