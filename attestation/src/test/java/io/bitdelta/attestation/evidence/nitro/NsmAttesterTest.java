package io.bitdelta.attestation.evidence.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.attester.AttesterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Messages as the module's interface specifies them; the calls into the C library run against devices that every Linux has. */
final class NsmAttesterTest {
    private static final byte[] REPORT_DATA = new byte[64];

    static {
        Arrays.fill(REPORT_DATA, (byte) 0x5a);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String text(String value) {
        return "%02x".formatted(0x60 | value.length())
                + HexFormat.of().formatHex(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] answer(String document) {
        return hex("a1" + text("Attestation") + "a1" + text("document") + document);
    }

    @Test
    void theRequestIsTheOneOfTheInterface() throws IOException {
        byte[][] seen = new byte[1][];
        NsmAttester attester = new NsmAttester(
                (NsmChannel) request -> {
                    seen[0] = request;
                    return answer("43010203");
                },
                Optional.of(new byte[] {7, 8}));
        assertThat(attester.attest(REPORT_DATA).evidence()).containsExactly(1, 2, 3);
        assertThat(HexFormat.of().formatHex(seen[0]))
                .isEqualTo("a1" + text("Attestation") + "a3" + text("user_data") + "590040" + "5a".repeat(64)
                        + text("nonce") + "5900020708" + text("public_key") + "f6");
    }

    @Test
    void withoutAChallengeTheNonceIsNull() throws IOException {
        byte[][] seen = new byte[1][];
        new NsmAttester(
                        (NsmChannel) request -> {
                            seen[0] = request;
                            return answer("4101");
                        },
                        Optional.empty())
                .attest(REPORT_DATA);
        assertThat(HexFormat.of().formatHex(seen[0])).contains(text("nonce") + "f6");
    }

    @Test
    void refusalsAndStrangeAnswersAreNamed() {
        List<byte[]> answers = List.of(
                hex("a1" + text("Error") + text("InvalidArgument")),
                hex("a1" + text("Attestation") + "a0"),
                answer("40"),
                answer("6101"),
                hex("80"),
                hex("a1"),
                new byte[0]);
        for (byte[] answer : answers) {
            NsmAttester attester = new NsmAttester((NsmChannel) request -> answer, Optional.empty());
            assertThatThrownBy(() -> attester.attest(REPORT_DATA))
                    .as(HexFormat.of().formatHex(answer))
                    .isInstanceOf(AttesterException.class);
        }
        NsmAttester refusing = new NsmAttester((NsmChannel) request -> answers.getFirst(), Optional.empty());
        assertThatThrownBy(() -> refusing.attest(REPORT_DATA)).hasMessageContaining("InvalidArgument");
    }

    @Test
    void lengthsAreChecked() {
        NsmAttester attester = new NsmAttester((NsmChannel) request -> answer("4101"), Optional.empty());
        assertThatThrownBy(() -> attester.attest(new byte[63])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NsmAttester(NsmAttester.DEFAULT_DEVICE, Optional.of(new byte[513])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDeviceThatIsNotThereOrNotTheModuleIsNamedWithTheError() {
        NsmAttester absent = new NsmAttester(Path.of("/dev/there-is-no-such-device"), Optional.empty());
        assertThatThrownBy(() -> absent.attest(REPORT_DATA))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("cannot be opened (error 2)");
        NsmAttester other = new NsmAttester(Path.of("/dev/null"), Optional.empty());
        assertThatThrownBy(() -> other.attest(REPORT_DATA))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("refuses the request (error 25)");
    }
}
