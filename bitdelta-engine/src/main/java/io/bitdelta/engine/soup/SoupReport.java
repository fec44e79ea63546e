package io.bitdelta.engine.soup;

/**
 * A mixed soup. Hashes are 0x-hex; the roots are those of identity 0 and salt 0.
 *
 * @param members how many deltas were mixed
 * @param rule the rule's name
 * @param byzantine how many of them may be hostile
 * @param coordinates weights voted on
 * @param certified coordinates whose sign {@code byzantine} hostile members cannot have turned
 * @param deltaHash content root of the result
 * @param root its signs' root
 * @param fileHash SHA-256 of its file
 * @param baseHash weights hash of the base
 * @param layoutHash hash of the layout
 * @param nSigns sign leaves
 * @param signsRoot their root
 * @param nScales scale leaves
 * @param scalesRoot their root
 * @param abstainRoot root of the abstentions, zero under majority
 * @param bytes size of the file
 * @param seconds time taken
 */
public record SoupReport(
        int members,
        String rule,
        int byzantine,
        long coordinates,
        long certified,
        String deltaHash,
        String root,
        String fileHash,
        String baseHash,
        String layoutHash,
        long nSigns,
        String signsRoot,
        long nScales,
        String scalesRoot,
        String abstainRoot,
        long bytes,
        double seconds) {}
