package io.bitdelta.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaProofTest {
    private static final Path FILE = Path.of("proof.json");

    @TempDir
    private Path folder;

    private final byte[] identity = new byte[20];
    private Path delta;

    @BeforeEach
    void makeDelta() throws IOException {
        Arrays.fill(identity, (byte) 0x11);
        delta = folder.resolve("delta");
        DeltaCompressor.compress(
                TestModels.tiny("base"), TestModels.tiny("user-a"), delta, CompressOptions.defaults(), Progress.NONE);
    }

    private DeltaProof prove(LeafKind kind, long index) throws IOException {
        try (DeltaFile file = DeltaFile.open(delta)) {
            return DeltaProof.of(file, kind, index, identity, Keccak256.hash(identity));
        }
    }

    private Hash32 root() throws IOException {
        try (DeltaFile file = DeltaFile.open(delta)) {
            return DeltaCommitment.of(file, identity, Keccak256.hash(identity)).deltaRoot();
        }
    }

    @Test
    void aProofSurvivesItsDocumentAndHoldsUnderItsRootOnly() throws IOException {
        for (LeafKind kind : new LeafKind[] {LeafKind.SIGNS, LeafKind.SCALES}) {
            DeltaProof proof = prove(kind, 3);
            DeltaProof read =
                    ProofDocument.parse(FILE, ProofDocument.write(proof).getBytes(StandardCharsets.UTF_8));
            assertThat(read).isEqualTo(proof);
            assertThat(read.faults(root())).isEmpty();
            assertThat(read.faults(Hash32.ZERO)).hasSize(1);
        }
        assertThatThrownBy(() -> prove(LeafKind.ABSTAIN, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Every character of the document matters: changed, it is no document, or it does not hold. */
    @Test
    void noCharacterOfAProofCanBeChanged() throws IOException {
        byte[] good = ProofDocument.write(prove(LeafKind.SIGNS, 5)).getBytes(StandardCharsets.UTF_8);
        Hash32 root = root();
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] = (byte) (bad[at] == '0' ? '1' : '0');
            boolean holds;
            try {
                holds = ProofDocument.parse(FILE, bad).faults(root).isEmpty();
            } catch (EngineInputException refused) {
                holds = false;
            }
            assertThat(holds)
                    .as("character %d of %s", at, new String(good, StandardCharsets.UTF_8))
                    .isFalse();
        }
    }
}
