# One word per deed; what each does stands in .ci/.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench screenshots lock messages clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

demo: ## install what is missing, make a demo data set, start the portal on this machine
	@.ci/demo

test: ## install what is missing, run every test
	@.ci/test

check: ## style, types, import rules, templates, migrations, settings
	@.ci/check

bench: ## measure speed against floors taken in the same run
	@.ci/setup --tests
	@SANPO_DEBUG=0 .venv/bin/python -m tests.benchmarks $(ARGS)

screenshots: ## take the pictures of docs/screenshots
	@.ci/setup --tests
	@.venv/bin/python -m tests.screenshots $(ARGS)

lock: ## resolve all versions anew into the lock files
	@.ci/lock

messages: ## collect texts to translate into portal/locale
	@.ci/messages

clean: ## forget the demo's state (the environment stays)
	rm -rf var
