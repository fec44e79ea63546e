package io.bitdelta.attestation.typed;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;

/**
 * An appraiser's statement of a soup's weights (m of n).
 *
 * @param membersRoot the members
 * @param weightsRoot their weights
 * @param termsHash the terms
 */
public record WeightsMessage(Bytes32 membersRoot, Bytes32 weightsRoot, Bytes32 termsHash) implements TypedStruct {
    /** The EIP-712 type. */
    public static final String TYPE = "Weights(bytes32 membersRoot,bytes32 weightsRoot,bytes32 termsHash)";

    @Override
    public String typeString() {
        return TYPE;
    }

    @Override
    public void encodeData(AbiWords words) {
        words.word(membersRoot).word(weightsRoot).word(termsHash);
    }
}
