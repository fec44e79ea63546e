package io.bitdelta.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The grammar of EIP-4361. */
final class LoginMessageTest {
    /** The example of the EIP, as it prints it. */
    private static final String EXAMPLE = """
            example.com wants you to sign in with your Ethereum account:
            0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

            I accept the ExampleOrg Terms of Service: https://example.com/tos

            URI: https://example.com/login
            Version: 1
            Chain ID: 1
            Nonce: 32891756
            Issued At: 2021-09-30T16:25:24Z
            Resources:
            - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
            - https://example.com/my-web2-claim.json""";

    @Test
    void theExampleOfTheStandardIsReadWhole() {
        LoginMessage message = LoginMessage.parse(EXAMPLE);
        assertThat(message.domain()).isEqualTo("example.com");
        assertThat(message.address()).isEqualTo(EvmAddress.of("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"));
        assertThat(message.statement()).hasValue("I accept the ExampleOrg Terms of Service: https://example.com/tos");
        assertThat(message.uri()).isEqualTo(URI.create("https://example.com/login"));
        assertThat(message.chainId()).isEqualTo(1);
        assertThat(message.nonce()).isEqualTo("32891756");
        assertThat(message.issuedAt()).isEqualTo(Instant.parse("2021-09-30T16:25:24Z"));
        assertThat(message.resources()).hasSize(2);
        assertThat(message.text()).isEqualTo(EXAMPLE);
    }

    @Test
    void whatTheGrammarDoesNotHaveIsRefusedByItsLine() {
        for (List<String> change : List.of(
                List.of("0xC02aaA39", "0xc02aaA39"), // the checksum
                List.of("Version: 1", "Version: 2"),
                List.of("Chain ID: 1", "Chain ID: one"),
                List.of("Nonce: 32891756", "Nonce: 3289175"),
                List.of("Nonce: 32891756", "Nonce: 32891756 "),
                List.of("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-09-30 16:25:24"),
                List.of("Issued At: 2021-09-30T16:25:24Z", "Issued At: 2021-13-30T16:25:24Z"),
                List.of("URI: https://example.com/login", "URI: /login"),
                List.of("example.com wants", "exa mple.com wants"),
                List.of("example.com wants", "example.com\u200b wants"),
                List.of("\n\nURI", "\nURI"),
                List.of("\n", "\r\n"),
                List.of("Resources:", "Expires: never\nResources:"),
                List.of("my-web2-claim.json", "my-web2-claim.json\n"))) {
            String broken = EXAMPLE.replace(change.get(0), change.get(1));
            assertThat(broken).isNotEqualTo(EXAMPLE);
            assertThatThrownBy(() -> LoginMessage.parse(broken)).as(broken).isInstanceOf(LoginRefusedException.class);
        }
        assertThatThrownBy(() -> LoginMessage.parse("a".repeat(5000))).isInstanceOf(LoginRefusedException.class);
    }

    @Test
    void aMessageWithoutAStatementHasTwoEmptyLines() {
        String text = LoginMessage.of(
                        "127.0.0.1:8480",
                        URI.create("http://127.0.0.1:8480/"),
                        EvmAddress.of("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"),
                        31337,
                        "abcdefgh1",
                        null,
                        Instant.parse("2026-01-02T03:04:05Z"))
                .text();
        assertThat(text).contains("Cc2\n\n\nURI:");
        assertThat(LoginMessage.parse(text).text()).isEqualTo(text);
    }

    @Property(tries = 400)
    void nothingThatIsCutOffOrBentCrashesTheParser(
            @ForAll @IntRange(max = 400) int at, @ForAll char with, @ForAll boolean cut) {
        int place = Math.min(at, EXAMPLE.length() - 1);
        String bent =
                cut ? EXAMPLE.substring(0, place) : EXAMPLE.substring(0, place) + with + EXAMPLE.substring(place + 1);
        try {
            LoginMessage.parse(bent);
        } catch (LoginRefusedException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
