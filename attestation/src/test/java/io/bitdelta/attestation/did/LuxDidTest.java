package io.bitdelta.attestation.did;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LuxDidTest {
    @Test
    void caseIsCanonicalised() {
        LuxDid did = LuxDid.parse("did:lux:122:0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
        assertThat(did).hasToString("did:lux:122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
        assertThat(did)
                .isEqualTo(LuxDid.parse(did.toString()))
                .isEqualTo(LuxDid.of(122, did.address().bytes()));
        assertThat(did.chainId()).isEqualTo(122);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "did:lux:122:f39fd6e51aad88f6f4ce6ab8827279cfffb92266",
                "did:lux:0122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
                "did:lux:0:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
                "did:lux:9007199254740992:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
                "did:lux:122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb9226",
                "did:LUX:122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
                "did:lux:122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266#key",
                "did:lux:122:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266\n"
            })
    void otherTextsAreRefused(String text) {
        assertThatThrownBy(() -> LuxDid.parse(text)).isInstanceOf(DidSyntaxException.class);
    }
}
