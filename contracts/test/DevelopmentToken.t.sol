// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { DevelopmentToken } from "../src/DevelopmentToken.sol";
import { Test } from "./harness/Test.sol";

contract DevelopmentTokenTest is Test {
    function testFuzz_existsOnTestChainsOnly(uint64 chainId) public {
        vm.assume(chainId != 31_337 && chainId != 1337 && chainId != 0);
        vm.chainId(122);
        vm.expectRevert(abi.encodeWithSelector(DevelopmentToken.NotATestChain.selector, 122));
        new DevelopmentToken(1);
        vm.chainId(chainId);
        vm.expectRevert(abi.encodeWithSelector(DevelopmentToken.NotATestChain.selector, chainId));
        new DevelopmentToken(1);
        vm.chainId(1337);
        new DevelopmentToken(1);
        vm.chainId(31_337);
        eq(new DevelopmentToken(5).balanceOf(address(this)), 5, "the supply is its maker's");
    }
}
