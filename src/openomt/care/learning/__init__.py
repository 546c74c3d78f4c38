"""What OMT is, whom it may help, and whether it is right for me: public pages."""
