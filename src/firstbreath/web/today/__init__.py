"""Today: what each person opens in the morning. It only reads; nothing here is ever written."""
