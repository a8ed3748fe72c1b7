"""ForwardMoves: single moves of live labels go to destinations between two runs."""
