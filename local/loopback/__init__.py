"""What embedded AWS and the stand-ins share: their place, models, serving and contents."""
