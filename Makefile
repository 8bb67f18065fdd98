# Every command does its own set-up; the work is in ops/ (standard library only). Without make: python3 -m ops <command>
.PHONY: help demo reset test check test-browser test-live-stripe bench soak format lock
.DEFAULT_GOAL := help
PYTHON ?= python3

help demo reset check format lock:
	@$(PYTHON) -m ops $@
test test-browser test-live-stripe bench soak:
	@$(PYTHON) -m ops $@ $(ARGS)
