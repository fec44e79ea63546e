package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;

/** A struct of FORMATS section 6 with its EIP-712 hashes. */
public sealed interface TypedStruct
        permits DeltaStruct,
                PublishMessage,
                RevokeMessage,
                SoupConsentMessage,
                VoucherMessage,
                WeightsMessage,
                AppraisalMessage,
                PersonaCredential,
                ComputeReceiptStruct {
    /** The {@code encodeType} text, e.g. {@code Revoke(bytes32 deltaId,uint256 deadline)}. */
    String typeString();

    /** Appends {@code encodeData} without the type hash. */
    void encodeData(AbiWords words);

    /** {@code keccak256(typeString)}. */
    default Bytes32 typeHash() {
        return Keccak256.ofText(typeString());
    }

    /** EIP-712 {@code hashStruct}. */
    default Bytes32 structHash() {
        AbiWords words = new AbiWords().word(typeHash());
        encodeData(words);
        return words.keccak();
    }

    /** The digest that is signed: {@code keccak256(0x1901 || domain separator || structHash)}. */
    default Bytes32 digest(Eip712Domain domain) {
        return Keccak256.of(
                new byte[] {0x19, 0x01},
                domain.separator().bytes(),
                structHash().bytes());
    }
}
