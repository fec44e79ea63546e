/**
 * The challenge game from both sides: recounting other people's soups and holding their proposers to them, and answering
 * for one's own.
 *
 * <p>Entries: {@link io.bitdelta.node.soup.dispute.DossierReader} gathers what a soup claims and what its members
 * published, {@link io.bitdelta.node.soup.dispute.Recount} compares, {@link io.bitdelta.node.soup.dispute.Challenger} and
 * {@link io.bitdelta.node.soup.dispute.Defender} act. Everything in a dossier was checked against the chain before.
 */
@NullMarked
package io.bitdelta.node.soup.dispute;

import org.jspecify.annotations.NullMarked;
