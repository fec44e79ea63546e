package io.bitdelta.node.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.local.NodeFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishServiceTest {
    @TempDir
    static Path folder;

    private static LocalNode node;
    private static Path deltaA;
    private static Path deltaB;

    @BeforeAll
    static void open() throws IOException {
        node = NodeFixture.open(folder.resolve("node"));
        deltaA = NodeFixture.delta("user-a", folder);
        deltaB = NodeFixture.delta("user-b", folder);
    }

    @AfterAll
    static void close() throws IOException {
        node.close();
    }

    private static Secp256k1Key key() {
        return Secp256k1Key.generate(new SecureRandom());
    }

    private static PublishRequest request(String intent, Path delta) {
        return new PublishRequest(intent, delta, "tiny-qwen3", "full");
    }

    @Test
    void anIntentIsPublishedOnceWithTheSameBytes() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        Published first = node.publishing().publish(request("once", deltaA), owner);
        Published again = node.publishing().publish(request("once", deltaA), owner);
        assertThat(again).isEqualTo(first);
    }

    @Test
    void anIntentBelongsToOneFileAndOneOwner() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        node.publishing().publish(request("mine", deltaA), owner);
        assertThatThrownBy(() -> node.publishing().publish(request("mine", deltaB), owner))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("mine");
        OwnerSigner other = NodeFixture.signer(key());
        assertThatThrownBy(() -> node.publishing().publish(request("mine", deltaA), other))
                .isInstanceOf(PublishRefusedException.class);
    }

    @Test
    void aSecondDeltaOfAnOwnerFollowsTheFirst() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        Published first = node.publishing().publish(request("chain 1", deltaA), owner);
        Published second = node.publishing().publish(request("chain 2", deltaB), owner);
        node.indexer().catchUp();
        assertThat(node.deltas()
                        .byId(Bytes32.of(second.deltaId()))
                        .orElseThrow()
                        .prev())
                .isEqualTo(first.deltaId());
    }

    @Test
    void anIntentThatWasCutOffBeforeItsTransactionFollowsTheNewHead() throws IOException {
        Secp256k1Key key = key();
        OwnerSigner unwilling = new OwnerSigner() {
            @Override
            public String address() {
                return key.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                throw new IllegalStateException("cut off here");
            }
        };
        assertThatThrownBy(() -> node.publishing().publish(request("late", deltaA), unwilling))
                .hasMessage("cut off here");
        OwnerSigner owner = NodeFixture.signer(key);
        Published between = node.publishing().publish(request("between", deltaB), owner);
        Published late = node.publishing().publish(request("late", deltaA), owner);
        node.indexer().catchUp();
        assertThat(node.deltas().byId(Bytes32.of(late.deltaId())).orElseThrow().prev())
                .isEqualTo(between.deltaId());
    }

    @Test
    void somebodyElsesSignatureIsRefusedBeforeAnythingIsSent() {
        Secp256k1Key thief = key();
        Secp256k1Key victim = key();
        OwnerSigner forged = new OwnerSigner() {
            @Override
            public String address() {
                return victim.address().hex();
            }

            @Override
            public EvmSignature sign(Bytes32 digest) {
                return thief.sign(digest);
            }
        };
        assertThatThrownBy(() -> node.publishing().publish(request("forged", deltaA), forged))
                .isInstanceOf(RevertedException.class);
    }

    @Test
    void onlyTheOwnerRevokes() throws IOException {
        OwnerSigner owner = NodeFixture.signer(key());
        Published mine = node.publishing().publish(request("revocable", deltaA), owner);
        Bytes32 id = Bytes32.of(mine.deltaId());
        assertThatThrownBy(() -> node.publishing().revoke(id, NodeFixture.signer(key())))
                .isInstanceOf(RevertedException.class);
        node.publishing().revoke(id, owner);
        node.indexer().catchUp();
        assertThat(node.deltas().byId(id).orElseThrow().revoked()).isTrue();
    }
}
