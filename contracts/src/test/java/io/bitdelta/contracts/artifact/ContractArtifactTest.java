package io.bitdelta.contracts.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.contracts.BitDeltaRegistry;
import io.bitdelta.contracts.DeltaSoups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ContractArtifactTest {
    @Test
    void everyContractHasAnArtifactUnderTheSizeLimit() {
        assertThat(ContractArtifact.names()).contains("IdentityRegistry", "BitDeltaRegistry", "DeltaSoups");
        for (String name : ContractArtifact.names()) {
            ContractArtifact artifact = ContractArtifact.load(name);
            assertThat(artifact.name()).isEqualTo(name);
            assertThat(artifact.runtimeSize()).isBetween(1, 24_576);
            assertThat(artifact.bytecode()).startsWith("0x6");
        }
    }

    @Test
    void bindingsHoldTheSameBytecode() {
        assertThat("0x" + BitDeltaRegistry.BINARY)
                .isEqualTo(ContractArtifact.load("BitDeltaRegistry").bytecode());
        assertThat("0x" + DeltaSoups.BINARY)
                .isEqualTo(ContractArtifact.load("DeltaSoups").bytecode());
    }

    @Test
    void deployedCodeIsRecognisedWhateverItsImmutablesAre() throws Exception {
        ContractArtifact artifact = ContractArtifact.load("DeltaSoups");
        assertThat(artifact.immutables()).isNotEmpty();
        String object = new JsonMapper()
                .readTree(Files.readString(Path.of("out/DeltaSoups.sol/DeltaSoups.json")))
                .required("deployedBytecode")
                .required("object")
                .stringValue();
        byte[] code = HexFormat.of().parseHex(object.substring(2));
        assertThat(artifact.matches(code)).isTrue();
        code[artifact.immutables().getFirst().start() + 31] = 7;
        assertThat(artifact.matches(code)).isTrue();
        code[0] ^= 1;
        assertThat(artifact.matches(code)).isFalse();
        assertThat(artifact.matches(new byte[0])).isFalse();
    }

    @Test
    void anUnknownContractIsNamed() {
        assertThatThrownBy(() -> ContractArtifact.load("Nothing"))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("Nothing.json");
    }
}
