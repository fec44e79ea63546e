package io.bitdelta.attestation.receipt;

import static io.bitdelta.attestation.FormatVectors.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ComputeReceiptTest {
    private static final ComputeReceipt RECEIPT = new ComputeReceipt(new ComputeReceiptStruct(
            BigInteger.valueOf(31337),
            BigInteger.valueOf(31337),
            BigInteger.ONE.shiftLeft(255),
            filled(1),
            filled(2),
            filled(3),
            Bytes32.ZERO,
            Bytes32.ZERO,
            100,
            200,
            filled(4),
            filled(5),
            "did:lux:31337:0x" + "11".repeat(20),
            "did:lux:31337:0x" + "22".repeat(20)));

    @Test
    void aReceiptComesBackWithTheSameHash() {
        ComputeReceipt read = ComputeReceipt.parse(RECEIPT.bytes());
        assertThat(read).isEqualTo(RECEIPT);
        assertThat(read.hash()).isEqualTo(RECEIPT.content().structHash());
    }

    @Test
    void unknownMembersAndSpellingsAreRefused() {
        String text = new String(RECEIPT.bytes(), StandardCharsets.UTF_8);
        for (String broken : new String[] {
            text.replace("\"zkHash\"", "\"zzHash\""),
            text.replace("}", ",\"zz\":1}"),
            text.replace("\"dstChainId\":\"31337\"", "\"dstChainId\":\"031337\""),
            text.replace("\"finishedAt\":200", "\"finishedAt\":99"),
            text.replace("receipt/1", "receipt/2")
        }) {
            assertThat(broken).isNotEqualTo(text);
            assertThatThrownBy(() -> ComputeReceipt.parse(broken.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(JsonException.class);
        }
    }
}
