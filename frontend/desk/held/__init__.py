"""The moderators' pages about held money: dividing it, looking again after an appeal, agreeing to large refunds."""
