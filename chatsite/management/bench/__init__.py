"""`manage.py bench`: what the chat costs, as ratios to a floor measured in the same run.

The floor is the least that could be called a chat: a bare websocket server that stores each message durably and then
broadcasts it, with no sign-in; for pages of history, a bare HTTP server that reads and encodes the same documents.
Absolute figures are the machine's; the ratios are ours.

- `scenarios/` say who takes part, what the clients do and which figures follow.
- `comparisons` say what is held against what, `limits` what must come of it and what we aim at.
- `people` prepares accounts and conversations, `archive` long ones, `drive` is the clients' process.
- `subjects` starts what is measured, `processes` reads its costs, `laboratory` puts a run together.
- `report` prints it, `plot` draws it.

Everything runs on servers started for the bench alone, in a folder that is removed afterwards.
"""
