package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One leaf of a soup's weights: who is paid which part.
 *
 * @param index position of the leaf
 * @param identity the paid identity, lowercase 0x-hex
 * @param start first billionth of the interval
 * @param end one past the last billionth
 * @param proof siblings bottom-up
 */
public record Payee(long index, String identity, long start, long end, List<Hash32> proof) {
    /** All payees of a weights tree, with their proofs, in leaf order. */
    static List<Payee> all(WeightTree weights) {
        List<Payee> payees = new ArrayList<>(weights.shares().size());
        for (int i = 0; i < weights.shares().size(); i++) {
            WeightTree.Share share = weights.shares().get(i);
            payees.add(new Payee(i, address(share), share.start(), share.end(), weights.proof(i)));
        }
        return payees;
    }

    /** An identity's address stands in the last 20 of the word's 32 bytes. */
    private static String address(WeightTree.Share share) {
        byte[] word = share.who().bytes();
        return HexText.of(Arrays.copyOfRange(word, word.length - EvmAddress.LENGTH, word.length));
    }
}
