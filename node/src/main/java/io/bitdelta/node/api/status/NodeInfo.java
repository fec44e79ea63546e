package io.bitdelta.node.api.status;

import java.util.List;
import java.util.Map;

/**
 * What a node is.
 *
 * @param version of the program
 * @param chainId of the chain that it follows
 * @param development whether that is a test chain
 * @param contracts name to address
 * @param indexedBlock newest block in the index, -1 for none
 * @param confirmations blocks after which a transaction counts as final
 * @param warnings each unsafe or development setting
 */
public record NodeInfo(
        String version,
        long chainId,
        boolean development,
        Map<String, String> contracts,
        long indexedBlock,
        int confirmations,
        List<String> warnings) {}
