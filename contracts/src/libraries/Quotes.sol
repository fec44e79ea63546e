// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Intel quotes: SGX version 3, TDX versions 4 and 5
/// @notice Layout: header 48 bytes, body (version 5 puts type and size before it), signature length, signature 64,
/// attestation key 64. Integers are little-endian. What follows the key (certificates) is not read: the key was appraised
/// with them when it was registered.
library Quotes {
    struct Quote {
        uint32 teeType;
        /// SGX: CPUSVN. TDX: TEE_TCB_SVN.
        bytes16 tcb;
        /// SGX: ATTRIBUTES.DEBUG. TDX: TDATTRIBUTES bit 0.
        bool debug;
        /// TDX: SEPT_VE_DISABLE, without which a hostile host can inject exceptions. True for SGX.
        bool septVeDisabled;
        /// TDX: the module is Intel's own, with no attributes, and no service TD is bound. True for SGX.
        bool plainModule;
        /// keccak256 of tee type and measurements: MRENCLAVE, MRSIGNER; or MRTD, RTMR0 to RTMR3.
        bytes32 measurementHash;
        bytes32 reportData;
        bytes32 reportDataTail;
        /// SHA-256 of what the attestation key signs.
        bytes32 digest;
        bytes32 r;
        bytes32 s;
        bytes32 x;
        bytes32 y;
        /// keccak256(x ‖ y)
        bytes32 keyHash;
    }

    error QuoteMalformed(bytes32 field, uint256 given, uint256 expected);
    error QuoteDebug(uint32 teeType);
    error QuoteSeptVeEnabled();
    error QuoteModule();

    uint32 internal constant SGX = 0;
    uint32 internal constant TDX = 0x81;

    uint256 private constant HEADER = 48;
    uint256 private constant SGX_BODY = 384;
    uint256 private constant TD10_BODY = 584;
    uint256 private constant TD15_BODY = 648;

    function parse(bytes memory quote) internal pure returns (Quote memory q) {
        _need(quote, HEADER + 6);
        uint256 version = _little(quote, 0, 2);
        uint256 keyType = _little(quote, 2, 2);
        if (keyType != 2) {
            revert QuoteMalformed("keyType", keyType, 2);
        }
        q.teeType = uint32(_little(quote, 4, 4));
        if (q.teeType != SGX && q.teeType != TDX) {
            revert QuoteMalformed("teeType", q.teeType, TDX);
        }
        (uint256 body, uint256 size) = _body(quote, version, q.teeType);
        uint256 end = body + size;
        _need(quote, end + 4 + 128);
        uint256 signatureLength = _little(quote, end, 4);
        if (signatureLength < 128) {
            revert QuoteMalformed("signatureLength", signatureLength, 128);
        }
        _need(quote, end + 4 + signatureLength);
        if (q.teeType == SGX) {
            _readSgx(q, quote, body);
        } else {
            _readTdx(q, quote, body, size);
        }
        q.digest = sha256(_slice(quote, 0, end));
        q.r = _word(quote, end + 4);
        q.s = _word(quote, end + 36);
        q.x = _word(quote, end + 68);
        q.y = _word(quote, end + 100);
        q.keyHash = keccak256(abi.encode(q.x, q.y));
    }

    /// @notice Refuses debug enclaves, TDs that accept injected exceptions, and modules that are not plain.
    function requirePolicy(Quote memory q) internal pure {
        if (q.debug) {
            revert QuoteDebug(q.teeType);
        }
        if (!q.septVeDisabled) {
            revert QuoteSeptVeEnabled();
        }
        if (!q.plainModule) {
            revert QuoteModule();
        }
    }

    /// @notice Whether each of the sixteen components is at least the other's.
    function atLeast(bytes16 given, bytes16 least) internal pure returns (bool) {
        for (uint256 i; i < 16; ++i) {
            if (uint8(given[i]) < uint8(least[i])) {
                return false;
            }
        }
        return true;
    }

    function _body(bytes memory quote, uint256 version, uint32 teeType)
        private
        pure
        returns (uint256 offset, uint256 size)
    {
        if (version == 3 || version == 4) {
            if (version == 3 && teeType != SGX) {
                revert QuoteMalformed("teeType", teeType, SGX);
            }
            return (HEADER, teeType == SGX ? SGX_BODY : TD10_BODY);
        }
        if (version != 5) {
            revert QuoteMalformed("version", version, 5);
        }
        uint256 kind = _little(quote, HEADER, 2);
        size = _little(quote, HEADER + 2, 4);
        uint256 expected = kind == 1 ? SGX_BODY : kind == 2 ? TD10_BODY : kind == 3 ? TD15_BODY : 0;
        if (expected == 0 || (kind == 1) != (teeType == SGX)) {
            revert QuoteMalformed("bodyType", kind, 3);
        }
        if (size != expected) {
            revert QuoteMalformed("bodySize", size, expected);
        }
        return (HEADER + 6, size);
    }

    function _readSgx(Quote memory q, bytes memory quote, uint256 body) private pure {
        q.tcb = bytes16(_word(quote, body));
        q.debug = uint8(quote[body + 48]) & 2 != 0;
        q.septVeDisabled = true;
        q.plainModule = true;
        q.measurementHash = keccak256(abi.encode(q.teeType, _word(quote, body + 64), _word(quote, body + 128)));
        q.reportData = _word(quote, body + 320);
        q.reportDataTail = _word(quote, body + 352);
    }

    function _readTdx(Quote memory q, bytes memory quote, uint256 body, uint256 size) private pure {
        q.tcb = bytes16(_word(quote, body));
        q.debug = uint8(quote[body + 120]) & 1 != 0;
        q.septVeDisabled = uint8(quote[body + 123]) & 0x10 != 0;
        // MRSIGNERSEAM (48) and SEAMATTRIBUTES (8) follow each other; MRSERVICETD is TD 1.5's.
        q.plainModule = _zero(quote, body + 64, 56) && (size != TD15_BODY || _zero(quote, body + 600, 48));
        q.measurementHash = keccak256(
            abi.encode(q.teeType, keccak256(_slice(quote, body + 136, 48)), keccak256(_slice(quote, body + 328, 192)))
        );
        q.reportData = _word(quote, body + 520);
        q.reportDataTail = _word(quote, body + 552);
    }

    function _need(bytes memory quote, uint256 length) private pure {
        if (quote.length < length) {
            revert QuoteMalformed("length", quote.length, length);
        }
    }

    /// @dev Callers have checked that `offset + 32` lies inside.
    function _word(bytes memory data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 32), offset))
        }
    }

    function _little(bytes memory data, uint256 offset, uint256 size) private pure returns (uint256 value) {
        for (uint256 i = offset + size; i > offset; --i) {
            value = value << 8 | uint8(data[i - 1]);
        }
    }

    function _zero(bytes memory data, uint256 offset, uint256 size) private pure returns (bool) {
        for (uint256 i; i < size; ++i) {
            if (data[offset + i] != 0) {
                return false;
            }
        }
        return true;
    }

    function _slice(bytes memory data, uint256 offset, uint256 size) private pure returns (bytes memory part) {
        part = new bytes(size);
        assembly ("memory-safe") {
            mcopy(add(part, 32), add(add(data, 32), offset), size)
        }
    }
}
