package io.bitdelta.node.local;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Real nodes for tests, on embedded chains. */
public final class NodeFixture {
    private NodeFixture() {}

    public static LocalNode open(Path data) throws IOException {
        return open(data, NodeConfig.defaults());
    }

    public static LocalNode open(Path data, NodeConfig config) throws IOException {
        return LocalNode.open(data, config, Optional.empty(), Clock.systemUTC());
    }

    /** A delta of a shipped fine-tune. */
    public static Path delta(String user, Path folder) throws IOException {
        Path models = Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3");
        Path out = folder.resolve(user + ".bitdelta.safetensors");
        DeltaCompressor.compress(
                models.resolve("base"), models.resolve(user), out, CompressOptions.defaults(), Progress.NONE);
        return out;
    }

    public static OwnerSigner signer(Secp256k1Key key) {
        return new OwnerSigner() {
            @Override
            public String address() {
                return key.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                return key.sign(digest);
            }
        };
    }
}
