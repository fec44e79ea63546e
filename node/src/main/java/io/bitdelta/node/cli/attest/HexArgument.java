package io.bitdelta.node.cli.attest;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters of hex arguments, whose failures are usage errors. */
final class HexArgument {
    private HexArgument() {}

    /** 32 bytes. */
    static final class Word implements ITypeConverter<Bytes32> {
        @Override
        public Bytes32 convert(String value) {
            try {
                return Bytes32.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** 20 bytes. */
    static final class Address implements ITypeConverter<EvmAddress> {
        @Override
        public EvmAddress convert(String value) {
            try {
                return EvmAddress.of(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
