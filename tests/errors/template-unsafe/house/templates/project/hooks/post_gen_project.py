"""En skabelon har ingen kode."""
