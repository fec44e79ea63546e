// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice As tokens should be.
contract PlainToken is ERC20Permit {
    constructor() ERC20("Plain", "PLN") ERC20Permit("Plain") { }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Takes one percent of every transfer.
contract FeeToken is PlainToken {
    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : amount / 100;
        super._update(from, to, amount - fee);
        if (fee != 0) {
            super._update(from, address(0xFEE), fee);
        }
    }
}

/// @notice Calls sender and receiver around each transfer, like ERC-777.
contract CallbackToken is PlainToken {
    function _update(address from, address to, uint256 amount) internal override {
        if (from.code.length != 0) {
            try Hook(from).onToken(amount) { } catch { }
        }
        super._update(from, to, amount);
        if (to.code.length != 0) {
            try Hook(to).onToken(amount) { } catch { }
        }
    }
}

interface Hook {
    function onToken(uint256 amount) external;
}

/// @notice Returns nothing at all, as some old tokens do, and can be told to return false or to lie.
contract OldToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address account => mapping(address spender => uint256)) public allowance;
    bool public answersFalse;
    bool public movesNothing;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function behave(bool false_, bool nothing) external {
        answersFalse = false_;
        movesNothing = nothing;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        if (answersFalse) {
            assembly ("memory-safe") {
                mstore(0, 0)
                return(0, 32)
            }
        }
        if (!movesNothing) {
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
        }
    }
}

/// @notice Balances are shares of a pool that can shrink or grow by itself.
contract RebasingToken is PlainToken {
    uint256 private percent = 100;

    function rebase(uint256 percent_) external {
        percent = percent_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * percent / 100;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount * 100 / percent);
    }
}

/// @notice Does not pay accounts on its list, like the large stable coins.
contract BlockingToken is PlainToken {
    error Blocked(address account);

    mapping(address account => bool) private blocked;

    function block_(address account) external {
        blocked[account] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (blocked[to]) {
            revert Blocked(to);
        }
        super._update(from, to, amount);
    }
}
