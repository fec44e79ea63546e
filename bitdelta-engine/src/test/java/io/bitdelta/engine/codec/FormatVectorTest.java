package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Tags;
import io.bitdelta.engine.soup.MemberTree;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.WeightsHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors of FORMATS section 10, computed by an independent script. */
class FormatVectorTest {
    @TempDir
    private Path folder;

    private JsonNode vectors;
    private Path base;
    private Path delta;
    private CompressReport report;

    @BeforeEach
    void compressTheVector() throws IOException {
        vectors = JsonMapper.shared().readTree(resource("vectors.json"));
        base = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 3), 0, 0, 0, 0, 0, 0)
                .write(folder.resolve("base.safetensors"));
        Path finetuned = new TestModels()
                .tensor("w", Dtype.F32, Shape.of(2, 3), .5, -.25, 0, -1, 1, .25)
                .write(folder.resolve("finetuned.safetensors"));
        delta = folder.resolve("delta");
        report = DeltaCompressor.compress(base, finetuned, delta, CompressOptions.defaults(), Progress.NONE);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(FormatVectorTest.class.getResourceAsStream("/formats/" + name), name)) {
            return in.readAllBytes();
        }
    }

    private String vector(String name) {
        return "0x" + vectors.get(name).asString();
    }

    @Test
    void theDeltaFileIsTheVectorsFileByteForByte() throws IOException {
        assertThat(Files.readAllBytes(delta)).isEqualTo(resource("tiny.bitdelta.safetensors"));
        assertThat(report.bytes()).isEqualTo(vectors.get("fileLen").asInt());
    }

    @Test
    void theReportNamesTheVectorsHashes() {
        assertThat(report.baseHash()).isEqualTo(vector("weightsHash_base"));
        assertThat(report.finetunedHash()).isEqualTo(vector("weightsHash_ft"));
        assertThat(report.fileHash()).isEqualTo(vector("fileHash"));
        assertThat(report.deltaHash()).isEqualTo(vector("contentRoot"));
    }

    @Test
    void theBoundCommitmentIsTheVectors() throws IOException {
        byte[] identity = new byte[20];
        Arrays.fill(identity, (byte) 0x11);
        byte[] salt = new byte[32];
        Arrays.fill(salt, (byte) 0x22);
        try (DeltaFile file = DeltaFile.open(delta)) {
            DeltaCommitment bound = DeltaCommitment.of(file, identity, Hash32.of(salt));
            assertThat(bound.deltaRoot().hex()).isEqualTo(vector("deltaRoot"));
            assertThat(bound.signsRoot().hex()).isEqualTo(vector("o_signsRoot"));
            assertThat(bound.scalesRoot().hex()).isEqualTo(vector("o_scalesRoot"));
            assertThat(bound.fileBind().hex()).isEqualTo(vector("o_fileBind"));
            assertThat(bound.layoutHash().hex()).isEqualTo(vector("o_layoutHash"));
            DeltaCommitment free = DeltaCommitment.of(file, new byte[20], Hash32.ZERO);
            assertThat(free.signsRoot().hex()).isEqualTo(vector("c_signsRoot"));
            assertThat(free.scalesRoot().hex()).isEqualTo(vector("c_scalesRoot"));
            assertThat(free.fileBind().hex()).isEqualTo(vector("c_fileBind"));
            assertThat(free.abstainRoot()).isEqualTo(Hash32.ZERO);
        }
    }

    @Test
    void theWeightsHashDoesNotDependOnMetadataOrFileOrder() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base)) {
            assertThat(WeightsHash.of(checkpoint, Progress.NONE).hex()).isEqualTo(vector("weightsHash_base"));
        }
    }

    @Test
    void tagsMembersAndWeightsAreTheVectors() {
        assertThat(Tags.tag("leaf").hex()).isEqualTo(vector("tag_leaf"));
        MemberTree members = new MemberTree(List.of(repeated(1), repeated(2), repeated(3)));
        assertThat(members.root().hex()).isEqualTo(vector("members3"));
        assertThat(members.proof(2).stream().map(Hash32::hex).toList())
                .isEqualTo(vectors.get("proof_of_2")
                        .valueStream()
                        .map(node -> "0x" + node.asString())
                        .toList());
        WeightTree weights = new WeightTree(List.of(
                WeightTree.Share.identity(Arrays.copyOf(repeated(0x11).bytes(), 20), 0, 600_000_000),
                WeightTree.Share.identity(Arrays.copyOf(repeated(0x55).bytes(), 20), 600_000_000, 1_000_000_000)));
        assertThat(weights.root().hex()).isEqualTo(vector("weights2"));
    }

    private static Hash32 repeated(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return Hash32.of(bytes);
    }
}
