"""The products that customers are likely to buy next, learnt from who bought what."""
