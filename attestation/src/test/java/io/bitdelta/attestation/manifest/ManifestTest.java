package io.bitdelta.attestation.manifest;

import static io.bitdelta.attestation.FormatVectors.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ManifestTest {
    private static final String CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

    static ManifestBuilder builder() {
        return Manifest.builder()
                .base("tiny-qwen3", filled(1))
                .compression("1bit", "row", 331776)
                .delta(CID, filled(2), filled(3), filled(4), filled(5))
                .user(LuxDid.of(31337, "0x" + "Ab".repeat(20)))
                .versioning(Instant.parse("2026-11-20T20:00:00Z"), Bytes32.ZERO);
    }

    static Manifest plain() {
        return builder().noPrivacyClaim().build();
    }

    @Test
    void equalInputsGiveEqualBytes() {
        assertThat(plain().bytes()).isEqualTo(plain().bytes());
        assertThat(new String(plain().bytes(), StandardCharsets.UTF_8))
                .startsWith("{\"base\":{\"name\":\"tiny-qwen3\",\"weightsHash\":\"0x0101")
                .contains("\"user\":\"did:lux:31337:0x" + "ab".repeat(20) + "\"")
                .contains("\"createdAt\":\"2026-11-20T20:00:00Z\"");
    }

    @Test
    void everySectionComesBack() {
        Manifest manifest = builder()
                .noPrivacyClaim()
                .receipt("bafkreibtgmztgmztgmztgmztgmztgmztgmztgmztgmztgmztgmztgmztgm", filled(7))
                .domain("general")
                .section(
                        "training",
                        new ObjectBuilder()
                                .put("method", "full")
                                .put("tokens", 351232)
                                .put("loss", "1.25")
                                .build())
                .build();
        Manifest read = Manifest.parse(manifest.bytes());
        assertThat(read).isEqualTo(manifest);
        assertThat(read.base()).isEqualTo(new Manifest.Base("tiny-qwen3", filled(1)));
        assertThat(read.delta().salt()).contains(filled(5));
        assertThat(read.id()).isEqualTo(filled(2));
        assertThat(read.receipt().orElseThrow().hash()).isEqualTo(filled(7));
        assertThat(read.section("training").orElseThrow().whole("tokens", 0, 1 << 30))
                .isEqualTo(351232);
        assertThat(read.compression().size()).isEqualTo(331776);
        assertThat(read.versioning().previous().isZero()).isTrue();
        assertThat(read.privacy().claimed()).isFalse();
    }

    @Test
    void aPrivacyClaimIsBoundByItsHash() {
        Manifest manifest = builder()
                .privacyClaim(
                        10_000_000_000_000L,
                        3500,
                        new ObjectBuilder()
                                .put("noiseMultiplier", "1.1")
                                .put("accountant", "rdp")
                                .build())
                .build();
        assertThat(manifest.privacy().claimed()).isTrue();
        String altered = new String(manifest.bytes(), StandardCharsets.UTF_8)
                .replace("\"epsilonMilli\":3500", "\"epsilonMilli\":2500");
        assertThatThrownBy(() -> Manifest.parse(altered.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("paramsHash");
    }

    @Test
    void unknownMembersAreIgnoredButCoveredByTheDigest() {
        Manifest more = builder()
                .noPrivacyClaim()
                .section("zzz", new ObjectBuilder().put("x", 1).build())
                .build();
        assertThat(Manifest.parse(more.bytes()).delta()).isEqualTo(plain().delta());
        assertThat(more.digest()).isNotEqualTo(plain().digest());
    }

    @Property(tries = 300)
    void anyChangedByteChangesTheDigestOrIsRefused(@ForAll int position, @ForAll byte b) {
        byte[] bytes = plain().bytes();
        int at = Math.floorMod(position, bytes.length);
        if (bytes[at] == b) {
            return;
        }
        bytes[at] = b;
        try {
            assertThat(Manifest.parse(bytes).digest()).isNotEqualTo(plain().digest());
        } catch (ManifestException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"schema\":\"bitdelta/manifest/1\" | \"schema\":\"bitdelta/manifest/2\" | manifest.schema",
                "\"size\":331776 | \"size\":0 | manifest.bitdelta.size",
                "\"id\":\"0x02 | \"id\":\"0x03 | manifest.id",
                "did:lux:31337: | did:key:31337: | did:lux",
                "2026-11-20T20:00:00Z | 2026-11-20T20:00:00+00:00 | createdAt",
                "2026-11-20T20:00:00Z | yesterday | createdAt",
                "\"cid\":\"bafy | \"cid\":\"Qmfy | manifest.delta.cid",
                "\"epsilonMilli\":0 | \"epsilonMilli\":1 | paramsHash",
                "\"epsilonMilli\":0 | \"epsilonMilli\":16777216 | epsilonMilli",
                "\"name\":\"tiny-qwen3\" | \"name\":\" \" | manifest.base.name"
            })
    void aBrokenMemberIsNamed(String from, String to, String message) {
        String text = new String(plain().bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        byte[] broken =
                text.replaceFirst(java.util.regex.Pattern.quote(from), to).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Manifest.parse(broken))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingSectionIsNamed() {
        assertThatThrownBy(() -> builder().build()).hasMessage("manifest.privacy: missing");
    }

    @Test
    void anOversizedManifestIsRefusedBeforeParsing() {
        assertThatThrownBy(() -> Manifest.parse(new byte[Manifest.MAX_BYTES + 1]))
                .hasMessageContaining("over the limit");
    }
}
