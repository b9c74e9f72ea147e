# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# zsh_completion.zsh FOLDER LINE: what zsh offers at the end of LINE, one a line. FOLDER has _trustx.
zmodload zsh/zpty
folder=$1 line=$2

zpty z zsh -f -i
zpty -w z "PS1=; fpath=($folder \$fpath); autoload -U compinit; compinit -u -D"
zpty -w z 'LISTMAX=0; unsetopt zle_bracketed_paste 2>/dev/null; stty columns 300'
# Whatever is offered is written down instead of shown.
zpty -w z 'compadd () { local -a __o; builtin compadd -O __o "$@"; print -l -- $__o >>offers; builtin compadd "$@" }'
zpty -w z 'finish() { print done >>finished }; zle -N finish; bindkey "^X^F" finish'
zpty -w z "bindkey '^I' complete-word"
zpty -n -w z "$line"$'\t\x18\x06'
for i in {1..100}; do
	zpty -r -t z >/dev/null
	[[ -e finished ]] && break
	sleep 0.05
done
zpty -d z
[[ -e offers ]] && sort -u offers
rm -f offers finished
