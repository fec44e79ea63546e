/**
 * What the compiled contracts are, for those who deploy, check and call them.
 *
 * <p>Start at {@link io.bitdelta.contracts.artifact.ContractArtifact}: ABI, creation bytecode and the hash that a
 * deployed contract's code must have. {@link io.bitdelta.contracts.artifact.RevertReasons} turns the custom errors of all
 * contracts into sentences. Both read the resources that the Solidity build writes beside the generated bindings, so they
 * cannot disagree with the contracts.
 */
@NullMarked
package io.bitdelta.contracts.artifact;

import org.jspecify.annotations.NullMarked;
