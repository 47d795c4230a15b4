"""`manage.py bench`: what the chat costs, as ratios to a floor measured in the same run.

The floor is the least that could be called a chat: a bare websocket server that stores each message durably and then
broadcasts it, with no sign-in. Absolute figures are the machine's; the ratios are ours.

- `scenarios/` say who takes part, what the clients do and which figures follow.
- `people` prepares accounts and conversations, `drive` is the clients' process, `floor` the bare server.
- `subjects` starts what is measured, `processes` reads its costs, `run` puts a run together, `report` prints it.

Everything runs on servers started for the bench alone, in a folder that is removed afterwards.
"""
