/**
 * Fetches what evidence needs beside it from a collateral service (the shapes of Intel's PCS version 4 and AMD's KDS) and
 * keeps it on disk. Nothing here is trusted: the verifiers check every signature and date, and what could not be had is
 * missing from the endorsements, which is a verdict of its own. Nothing is fetched unless a base address is given. Entry:
 * {@link io.bitdelta.attestation.collateral.HttpCollateral}.
 */
@NullMarked
package io.bitdelta.attestation.collateral;

import org.jspecify.annotations.NullMarked;
