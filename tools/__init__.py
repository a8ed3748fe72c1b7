"""What contributors run on the project itself. No part of the product."""
