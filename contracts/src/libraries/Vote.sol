// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Counts 1-bit votes, 256 coordinates at a time
/// @notice Bit-sliced counters: plane p holds bit p of the 256 counts, so adding a word to all counts is a chain of
/// AND and XOR. Eight words at a time go through carry-save adders (Harley and Seal), which leaves one carry of weight
/// eight to ripple: about 50 gas for each word. `test/Vote.t.sol` fuzzes this against counting one bit at a time.
library Vote {
    /// The top bit of each of the eight 32-bit lanes.
    uint256 private constant TOP = 0x8000000080000000800000008000000080000000800000008000000080000000;

    /// @notice sign = c >= ceil(n / 2); a tie is 1.
    function majority(uint256[] calldata words) internal pure returns (uint256 sign) {
        return atLeast(count(words), (words.length + 1) / 2);
    }

    /// @notice The majority, and where `byzantine` liars among the n members could have turned it.
    /// @return sign as `majority`
    /// @return abstain not (c >= floor((n + b) / 2) + 1) and c >= ceil((n - b) / 2), so coordinates that nobody voted
    /// for (padding) do not abstain
    function certified(uint256[] calldata words, uint256 byzantine)
        internal
        pure
        returns (uint256 sign, uint256 abstain)
    {
        uint256 n = words.length;
        uint256[] memory planes = count(words);
        sign = atLeast(planes, (n + 1) / 2);
        abstain = ~atLeast(planes, (n + byzantine) / 2 + 1) & atLeast(planes, (n - byzantine + 1) / 2);
    }

    /// @notice Plane p of the result holds bit p of each coordinate's number of ones.
    function count(uint256[] calldata words) internal pure returns (uint256[] memory planes) {
        uint256 width = 3;
        while (words.length >> width != 0) {
            ++width;
        }
        planes = new uint256[](width);
        assembly ("memory-safe") {
            // s + 2k = a + b + c, coordinate by coordinate
            function add3(a, b, c) -> s, k {
                let u := xor(a, b)
                s := xor(u, c)
                k := or(and(a, b), and(u, c))
            }
            // The counts stay below 2^width, so no carry leaves the last plane.
            function ripple(plane, carry) {
                for { } carry { plane := add(plane, 32) } {
                    let bits := mload(plane)
                    mstore(plane, xor(bits, carry))
                    carry := and(bits, carry)
                }
            }
            let plane0 := add(planes, 32)
            let plane3 := add(planes, 128)
            let at_ := words.offset
            let end := add(at_, shl(5, words.length))
            let endOfEights := add(at_, shl(8, shr(3, words.length)))
            let ones := 0
            let twos := 0
            let fours := 0
            for { } lt(at_, endOfEights) { at_ := add(at_, 256) } {
                let a, b, c, d
                ones, a := add3(ones, calldataload(at_), calldataload(add(at_, 32)))
                ones, b := add3(ones, calldataload(add(at_, 64)), calldataload(add(at_, 96)))
                twos, c := add3(twos, a, b)
                ones, a := add3(ones, calldataload(add(at_, 128)), calldataload(add(at_, 160)))
                ones, b := add3(ones, calldataload(add(at_, 192)), calldataload(add(at_, 224)))
                twos, d := add3(twos, a, b)
                fours, a := add3(fours, c, d)
                ripple(plane3, a)
            }
            mstore(plane0, ones)
            mstore(add(plane0, 32), twos)
            mstore(add(plane0, 64), fours)
            for { } lt(at_, end) { at_ := add(at_, 32) } { ripple(plane0, calldataload(at_)) }
        }
    }

    /// @notice Coordinates whose count is at least `threshold`: compared from the highest plane down.
    function atLeast(uint256[] memory planes, uint256 threshold) internal pure returns (uint256) {
        unchecked {
            if (threshold >> planes.length != 0) {
                return 0;
            }
            uint256 above;
            uint256 equal = type(uint256).max;
            for (uint256 p = planes.length; p-- != 0;) {
                uint256 bits = planes[p];
                if ((threshold >> p) & 1 == 0) {
                    above |= equal & bits;
                    equal &= ~bits;
                } else {
                    equal &= bits;
                }
            }
            return above | equal;
        }
    }

    /// @notice Checks a claimed lower median in each of the eight 32-bit lanes: element floor((n - 1) / 2) of the
    /// ascending bit patterns. An element is that one iff at most that many are smaller and more are not greater.
    /// @return lane 8 if all eight hold, else the first that does not
    /// @return below members smaller than the claim in that lane
    /// @return notAbove members not greater than the claim in that lane
    function median(uint256[] calldata words, uint256 claimed)
        internal
        pure
        returns (uint256 lane, uint256 below, uint256 notAbove)
    {
        uint256 n = words.length;
        uint256 greaterOrEqual;
        uint256 greater;
        assembly ("memory-safe") {
            // Lanes are compared on their low 31 bits with the top bit lent to each, so no borrow crosses a lane; the
            // top bits decide where they differ.
            let low := and(claimed, not(TOP))
            let high := and(claimed, TOP)
            let end := add(words.offset, shl(5, n))
            for { let p := words.offset } lt(p, end) { p := add(p, 32) } {
                let x := calldataload(p)
                let xLow := and(x, not(TOP))
                let wins := and(and(x, TOP), not(high))
                let same := not(xor(and(x, TOP), high))
                let equalOrAbove := and(same, and(sub(or(xLow, TOP), low), TOP))
                let above := and(same, and(not(sub(or(low, TOP), xLow)), TOP))
                greaterOrEqual := add(greaterOrEqual, shr(31, or(wins, equalOrAbove)))
                greater := add(greater, shr(31, or(wins, above)))
            }
        }
        unchecked {
            uint256 rank = (n - 1) / 2;
            for (; lane < 8; ++lane) {
                uint256 shift = 32 * (7 - lane);
                below = n - uint32(greaterOrEqual >> shift);
                notAbove = n - uint32(greater >> shift);
                if (below > rank || notAbove <= rank) {
                    return (lane, below, notAbove);
                }
            }
        }
    }

    /// @notice Leaves of the tree over an answer's words (FORMATS section 7).
    function wordLeaves(bytes32 tag, uint256[] calldata words) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](words.length);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, tag)
            let to := add(leaves, 32)
            for { let i := 0 } lt(i, words.length) { i := add(i, 1) } {
                mstore(add(m, 32), i)
                mstore(add(m, 64), calldataload(add(words.offset, shl(5, i))))
                mstore(to, keccak256(m, 96))
                to := add(to, 32)
            }
        }
    }
}
