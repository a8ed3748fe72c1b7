"""SendChunk: one worker, and at most 500 recipients."""
