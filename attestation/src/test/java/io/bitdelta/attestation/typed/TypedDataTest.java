package io.bitdelta.attestation.typed;

import static io.bitdelta.attestation.FormatVectors.DOMAIN;
import static io.bitdelta.attestation.FormatVectors.REGISTRY;
import static io.bitdelta.attestation.FormatVectors.delta;
import static io.bitdelta.attestation.FormatVectors.filled;
import static io.bitdelta.attestation.FormatVectors.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class TypedDataTest {
    @Test
    void tagsAndTypeHashesMatchTheVector() {
        assertThat(Keccak256.tag("leaf")).isEqualTo(value("tag_leaf"));
        assertThat(delta().typeHash()).isEqualTo(value("deltaTypehash"));
        assertThat(DOMAIN.separator()).isEqualTo(value("domain"));
    }

    @Test
    void deltaIdMatchesTheVector() {
        assertThat(delta().deltaId()).isEqualTo(value("deltaId"));
    }

    @Test
    void publishDigestMatchesTheVector() {
        PublishMessage publish = new PublishMessage(value("deltaId"), Bytes32.ZERO, 2_000_000_000L);
        assertThat(publish.digest(DOMAIN)).isEqualTo(value("publishDigest"));
    }

    @Test
    void statementMatchesTheVectorAndFillsReportDataWithZeros() {
        Statement statement = Statement.of(31337, REGISTRY, value("deltaId"), filled(0x66), 2_000_000_000L);
        assertThat(statement.hash()).isEqualTo(value("statement"));
        assertThat(statement.reportData())
                .startsWith(value("statement").bytes())
                .endsWith(new byte[32]);
        assertThat(statement.reportData()).hasSize(64);
    }

    @Test
    void everyFieldEntersTheStatement() {
        Statement base = new Statement(1, REGISTRY, filled(1), filled(2), filled(3), filled(4), filled(5), 6);
        assertThat(java.util.Set.of(
                        base.hash(),
                        new Statement(2, REGISTRY, filled(1), filled(2), filled(3), filled(4), filled(5), 6).hash(),
                        new Statement(
                                        1,
                                        EvmAddress.of(new byte[20]),
                                        filled(1),
                                        filled(2),
                                        filled(3),
                                        filled(4),
                                        filled(5),
                                        6)
                                .hash(),
                        new Statement(1, REGISTRY, filled(9), filled(2), filled(3), filled(4), filled(5), 6).hash(),
                        new Statement(1, REGISTRY, filled(1), filled(9), filled(3), filled(4), filled(5), 6).hash(),
                        new Statement(1, REGISTRY, filled(1), filled(2), filled(9), filled(4), filled(5), 6).hash(),
                        new Statement(1, REGISTRY, filled(1), filled(2), filled(3), filled(9), filled(5), 6).hash(),
                        new Statement(1, REGISTRY, filled(1), filled(2), filled(3), filled(4), filled(9), 6).hash(),
                        new Statement(1, REGISTRY, filled(1), filled(2), filled(3), filled(4), filled(5), 7).hash()))
                .hasSize(9);
    }

    @Test
    void negativeTraitsAreSignExtended() {
        PersonaCredential minus = new PersonaCredential("did:lux:1:0x", -1, 0, 0, 0, 0, filled(1), filled(2), 1, 2);
        PersonaCredential plus = new PersonaCredential("did:lux:1:0x", 1, 0, 0, 0, 0, filled(1), filled(2), 1, 2);
        assertThat(minus.structHash()).isNotEqualTo(plus.structHash());
        var words = new io.bitdelta.attestation.bytes.AbiWords();
        minus.encodeData(words);
        byte[] encoded = words.bytes();
        for (int i = 32; i < 64; i++) {
            assertThat(encoded[i]).isEqualTo((byte) 0xff);
        }
    }

    @Test
    void valuesOutsideTheirSolidityTypesAreRefused() {
        assertThatThrownBy(() -> new DeltaStruct(REGISTRY, filled(1), filled(2), filled(3), filled(4), 1 << 24, 2))
                .hasMessageContaining("uint24");
        assertThatThrownBy(() -> new DeltaStruct(REGISTRY, filled(1), filled(2), filled(3), filled(4), 0, 4))
                .hasMessageContaining("flags 4");
        assertThatThrownBy(() -> new DeltaStruct(REGISTRY, filled(1), filled(2), filled(3), filled(4), 5, 1))
                .hasMessageContaining("flag 2");
        assertThatThrownBy(() -> new VoucherMessage(filled(1), REGISTRY, REGISTRY, BigInteger.ONE.shiftLeft(128), 1))
                .hasMessageContaining("uint128");
        assertThatThrownBy(() -> new PersonaCredential("x", 101, 0, 0, 0, 0, filled(1), filled(2), 1, 2))
                .hasMessageContaining("trait 101");
        assertThatThrownBy(() -> new PublishMessage(filled(1), filled(2), -1)).hasMessageContaining("deadline");
    }

    @Test
    void aDigestIsBoundToChainAndContract() {
        PublishMessage publish = new PublishMessage(filled(1), Bytes32.ZERO, 5);
        assertThat(publish.digest(DOMAIN))
                .isNotEqualTo(publish.digest(new Eip712Domain("BitDeltaRegistry", 31338, REGISTRY)))
                .isNotEqualTo(publish.digest(new Eip712Domain("BitDeltaRegistry", 31337, EvmAddress.of(new byte[20]))))
                .isNotEqualTo(publish.digest(new Eip712Domain("DeltaSoups", 31337, REGISTRY)))
                .isNotEqualTo(new RevokeMessage(filled(1), 5).digest(DOMAIN));
    }
}
